using Dweb.Agent.Runtimes;

namespace Dweb.Agent.Metering;

/// <summary>Brings a lease's meter up to what engine and kernel say now.</summary>
internal sealed class LeaseMeter(ContainerCounters counters, EngineClock clock)
{
    /// <exception cref="RuntimeException">The engine does not answer.</exception>
    public async Task<MeterState> ReadAsync(MeterState meter, ContainerSnapshot container, CancellationToken cancellationToken)
    {
        bool running = container.Condition == ContainerCondition.Running;
        var now = await clock.NowAsync(container, cancellationToken);
        var observed = meter.Observe(new EngineRun(container.StartedAt, running, container.FinishedAt, container.Restarts, now));

        // Without a reading the process ended just now; what it used since the last one is given away.
        return running && counters.Read(container.Pid) is { } sample ? observed.Sample(sample) : observed;
    }

    public void Forget(string containerName) => clock.Forget(containerName);
}
