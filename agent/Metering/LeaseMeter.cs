using Dweb.Agent.Runtimes;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Agent.Metering;

/// <summary>
/// Counts what one lease uses. When its container runs is the engine's word; between two of these the kernel's counters alone are read, and only when somebody is
/// about to sign them. Whoever that is reads while the lease's worker goes on.
/// </summary>
/// <param name="start">What was counted before.</param>
internal sealed class LeaseMeter(ContainerCounters counters, EngineClock clock, MeterState start)
{
    private readonly Lock gate = new();
    private MeterState state = start;
    private Run? run;

    /// <summary>As it was last read.</summary>
    public MeterState State
    {
        get
        {
            lock (gate)
            {
                return state;
            }
        }
    }

    /// <summary>Takes what the engine says now.</summary>
    /// <param name="storage">Bytes that the lease keeps on disk.</param>
    /// <exception cref="RuntimeException">The engine does not answer.</exception>
    public async Task<MeterState> SeeAsync(ContainerSnapshot container, ulong storage, CancellationToken cancellationToken)
    {
        var now = await clock.NowAsync(container, cancellationToken);
        lock (gate)
        {
            bool running = container.Condition == ContainerCondition.Running;
            var next = running ? new Run(container, CountersOf(container)) : null;
            run = null;
            state = state.WithStorage(storage).Observe(new EngineRun(container.StartedAt, running, container.FinishedAt, container.Restarts, now));

            // Without a reading the process ended just now; what it used since the last one is given away.
            if (next?.Counters?.Read() is { } sample)
            {
                state = state.Sample(sample);
            }

            // Not what cannot be read: whoever looks tells of it, and nobody tries again before.
            run = next;
            return state;
        }
    }

    /// <summary>Reads the kernel's counters. Where the process is gone nothing is added: when it ended is the engine's to say.</summary>
    /// <param name="isLost">It ran when the engine was asked, and can be read no more: the engine is to be asked again.</param>
    public MeterState Read(out bool isLost)
    {
        lock (gate)
        {
            isLost = false;
            if (run is not { Container: var container })
            {
                return state;
            }

            // The time first: at that moment it still ran.
            if (clock.Now(container) is { } now && TryRead(run) is { } sample)
            {
                return state = state.Observe(new EngineRun(container.StartedAt, true, container.FinishedAt, container.Restarts, now)).Sample(sample);
            }

            run = null;
            isLost = true;
            return state;
        }
    }

    /// <summary>No report falls below this.</summary>
    public void Raise(UsageEntry floor)
    {
        lock (gate)
        {
            state = state.WithFloor(floor);
        }
    }

    // Found once for each run.
    private RunCounters? CountersOf(ContainerSnapshot container) =>
        run is { Counters: { } known } && run.Container.Pid == container.Pid && run.Container.StartedAt == container.StartedAt ? known : counters.Find(container.Pid);

    // One lease's trouble is not that of all whose counters are read with it.
    private static CounterSample? TryRead(Run run)
    {
        try
        {
            return run.Counters?.Read();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException or FormatException or OverflowException)
        {
            // The look at the container that follows tells of it.
            return null;
        }
    }

    private sealed record Run(ContainerSnapshot Container, RunCounters? Counters);
}
