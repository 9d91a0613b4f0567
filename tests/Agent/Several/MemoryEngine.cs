using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Dweb.Agent.Runtimes;
using Dweb.Core.Protocol;

namespace Dweb.Agent.Tests.Several;

/// <summary>An engine without processes: containers are entries that say that they run. For rules of the agent that no container has part in.</summary>
internal sealed class MemoryEngine : IContainerRuntime
{
    private readonly ConcurrentDictionary<string, ContainerSnapshot> containers = new(StringComparer.Ordinal);
    private int count;

    public ContainerCondition? ConditionOf(Hash32 leaseId) => containers.GetValueOrDefault(ContainerNames.Of(leaseId))?.Condition;

    public Task<string> DescribeAsync(CancellationToken cancellationToken) => Task.FromResult("memory");

    public Task<DateTimeOffset> ReadTimeAsync(CancellationToken cancellationToken) => Task.FromResult(TimeProvider.System.GetUtcNow());

    public Task<bool> HasImageAsync(string image, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task PullAsync(string image, IProgress<PullProgress> progress, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<string> CreateAsync(ContainerPlan plan, CancellationToken cancellationToken)
    {
        var container = new ContainerSnapshot(
            $"c{Interlocked.Increment(ref count)}", plan.Name, plan.Labels(), ContainerCondition.Created, 0, null, null, 0, 0, false, "", null,
            new Dictionary<ushort, ushort> { [8080] = 1 });
        return containers.TryAdd(plan.Name, container)
            ? Task.FromResult(container.Id)
            : throw new RuntimeException(RuntimeFault.NameTaken, $"There is a container {plan.Name}.");
    }

    public Task StartAsync(string container, CancellationToken cancellationToken) =>
        ChangeAsync(container, static c => c with { Condition = ContainerCondition.Running, StartedAt = TimeProvider.System.GetUtcNow() });

    public Task<ContainerSnapshot?> InspectAsync(string container, CancellationToken cancellationToken) => Task.FromResult(Find(container));

    public Task<IReadOnlyList<ContainerSnapshot>> ListAsync(Hash32 coe, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ContainerSnapshot>>([.. containers.Values]);

    public Task StopAsync(string container, CancellationToken cancellationToken) =>
        ChangeAsync(container, static c => c.Condition == ContainerCondition.Running ? c with { Condition = ContainerCondition.Exited, FinishedAt = TimeProvider.System.GetUtcNow() } : c);

    public Task RemoveAsync(string container, CancellationToken cancellationToken)
    {
        if (Find(container) is { } found)
        {
            containers.TryRemove(found.Name, out _);
        }

        return Task.CompletedTask;
    }

    public Task<LogTail> ReadLogAsync(string container, int tail, CancellationToken cancellationToken) =>
        Task.FromResult(new LogTail([$"log of {container}"], Truncated: false));

    public Task<ulong> MeasureStorageAsync(string container, CancellationToken cancellationToken) => Task.FromResult(0UL);

    public async IAsyncEnumerable<string> WatchAsync(Hash32 coe, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        yield break;
    }

    public void Dispose()
    {
    }

    private ContainerSnapshot? Find(string container) => containers.Values.FirstOrDefault(c => c.Id == container || c.Name == container);

    private Task ChangeAsync(string container, Func<ContainerSnapshot, ContainerSnapshot> change)
    {
        if (Find(container) is { } found)
        {
            containers[found.Name] = change(found);
        }

        return Task.CompletedTask;
    }
}
