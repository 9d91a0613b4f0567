using System.Collections.Concurrent;
using Dweb.Agent.Runtimes;

namespace Dweb.Agent.Metering;

/// <summary>
/// How late it is by the clock by which the engine tells when a container started. It is asked once for each run and counted on from there, so that neither
/// another time on this machine's clock nor one that is set while a container runs makes its seconds more or fewer.
/// </summary>
/// <param name="ask">Asks the engine.</param>
internal sealed class EngineClock(Func<CancellationToken, Task<DateTimeOffset>> ask, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Sight> sights = new(StringComparer.Ordinal);

    /// <returns>By the clock of the container's newest run; the end of time for one that was over before anybody looked.</returns>
    /// <exception cref="RuntimeException">The engine does not answer.</exception>
    public async Task<DateTimeOffset> NowAsync(ContainerSnapshot container, CancellationToken cancellationToken)
    {
        if (!sights.TryGetValue(container.Name, out var sight) || sight.StartedAt != container.StartedAt)
        {
            if (container.Condition != ContainerCondition.Running)
            {
                return DateTimeOffset.MaxValue;
            }

            var now = await ask(cancellationToken);
            sights[container.Name] = sight = new Sight(container.StartedAt, now, time.GetTimestamp());
        }

        return sight.Now + time.GetElapsedTime(sight.At);
    }

    /// <returns>By the clock of that run, without asking; null before the engine was asked in it.</returns>
    public DateTimeOffset? Now(ContainerSnapshot container) =>
        sights.TryGetValue(container.Name, out var sight) && sight.StartedAt == container.StartedAt ? sight.Now + time.GetElapsedTime(sight.At) : null;

    public void Forget(string containerName) => sights.TryRemove(containerName, out _);

    private sealed record Sight(DateTimeOffset? StartedAt, DateTimeOffset Now, long At);
}
