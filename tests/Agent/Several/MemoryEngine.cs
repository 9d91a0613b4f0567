using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Dweb.Agent.Runtimes;
using Dweb.Core.Protocol;

namespace Dweb.Agent.Tests.Several;

/// <summary>An engine without processes: containers are entries that say that they run. For rules of the agent that no container has part in.</summary>
internal sealed class MemoryEngine : IContainerRuntime
{
    private readonly ConcurrentDictionary<string, ContainerSnapshot> containers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, NetworkPlan> networks = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Channel<string>, bool> watchers = new();
    private int count;
    private int inspections;

    /// <summary>How often it was asked about a container.</summary>
    public int Inspections => Volatile.Read(ref inspections);

    /// <summary>Called while it is asked about a container.</summary>
    public Action? Inspected { get; set; }

    /// <summary>Of a container's first process once it is started; none where it is 0.</summary>
    public int Pid { get; set; }

    public ContainerCondition? ConditionOf(Hash32 leaseId) => containers.GetValueOrDefault(ContainerNames.Of(leaseId))?.Condition;

    public RuntimeCapability Lacks { get; init; }

    public Task<string> DescribeAsync(CancellationToken cancellationToken) => Task.FromResult("memory");

    public Task<DateTimeOffset> ReadTimeAsync(CancellationToken cancellationToken) => Task.FromResult(TimeProvider.System.GetUtcNow());

    public Task<ImageFacts?> FindImageAsync(string image, CancellationToken cancellationToken) => Task.FromResult<ImageFacts?>(new ImageFacts([]));

    public Task PullAsync(string image, IProgress<PullProgress> progress, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Those that it has, and whether a container needs them.</summary>
    public ConcurrentDictionary<CachedImage, bool> Images { get; } = new();

    public Task<IReadOnlyList<CachedImage>> ListImagesAsync(string registry, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<CachedImage>>([.. Images.Keys.Where(image => image.Reference.StartsWith(registry + "/", StringComparison.Ordinal))]);

    public Task<bool> RemoveImageAsync(string reference, CancellationToken cancellationToken)
    {
        var found = Images.First(image => image.Key.Reference == reference);
        return Task.FromResult(!found.Value && Images.TryRemove(found));
    }

    public Task CreateNetworkAsync(NetworkPlan plan, CancellationToken cancellationToken)
    {
        networks[plan.Name] = plan;
        return Task.CompletedTask;
    }

    public Task RemoveNetworkAsync(string name, CancellationToken cancellationToken)
    {
        networks.TryRemove(name, out _);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<string>> ListNetworksAsync(Hash32 coe, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>([.. networks.Values.Where(network => network.Coe == coe).Select(static network => network.Name)]);

    public Task<string> CreateAsync(ContainerPlan plan, CancellationToken cancellationToken)
    {
        var container = new ContainerSnapshot(
            $"c{Interlocked.Increment(ref count)}", plan.Name, plan.Labels(), ContainerCondition.Created, 0, null, null, 0, 0, false, "", null,
            new Dictionary<ushort, ushort> { [8080] = 1 }) { Network = plan.Network.Name };
        return containers.TryAdd(plan.Name, container)
            ? Task.FromResult(container.Id)
            : throw new RuntimeException(RuntimeFault.NameTaken, $"There is a container {plan.Name}.");
    }

    public Task StartAsync(string container, CancellationToken cancellationToken) =>
        ChangeAsync(container, c => c with { Condition = ContainerCondition.Running, Pid = Pid, StartedAt = TimeProvider.System.GetUtcNow() });

    public Task<ContainerSnapshot?> InspectAsync(string container, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref inspections);
        var found = Find(container);
        Inspected?.Invoke();
        return Task.FromResult(found);
    }

    public Task<IReadOnlyList<ContainerSnapshot>> ListAsync(Hash32 coe, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ContainerSnapshot>>([.. containers.Values]);

    public Task StopAsync(string container, CancellationToken cancellationToken) =>
        ChangeAsync(container, static c => c.Condition == ContainerCondition.Running ? c with { Condition = ContainerCondition.Exited, Pid = 0, FinishedAt = TimeProvider.System.GetUtcNow() } : c);

    public Task RemoveAsync(string container, CancellationToken cancellationToken)
    {
        if (Find(container) is { } found)
        {
            containers.TryRemove(found.Name, out _);
            Tell(found.Name);
        }

        return Task.CompletedTask;
    }

    public Task<LogTail> ReadLogAsync(string container, int tail, CancellationToken cancellationToken) =>
        Task.FromResult(new LogTail([$"log of {container}"], Truncated: false));

    public async IAsyncEnumerable<string?> WatchAsync(Hash32 coe, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var events = Channel.CreateUnbounded<string>();
        watchers.TryAdd(events, true);
        yield return null;
        await foreach (string name in events.Reader.ReadAllAsync(cancellationToken))
        {
            yield return name;
        }
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
            Tell(found.Name);
        }

        return Task.CompletedTask;
    }

    private void Tell(string name)
    {
        foreach (var watcher in watchers.Keys)
        {
            watcher.Writer.TryWrite(name);
        }
    }
}
