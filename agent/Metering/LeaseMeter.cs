using Dweb.Agent.Runtimes;

namespace Dweb.Agent.Metering;

/// <summary>Brings a lease's meter up to what engine and kernel say now.</summary>
internal sealed class LeaseMeter(ContainerCounters counters, TimeProvider time)
{
    public MeterState Read(MeterState meter, ContainerSnapshot container)
    {
        bool running = container.Condition == ContainerCondition.Running;
        var observed = meter.Observe(new EngineRun(container.StartedAt, running, container.FinishedAt, container.Restarts, time.GetUtcNow()));

        // Without a reading the process ended just now; what it used since the last one is given away.
        return running && counters.Read(container.Pid) is { } sample ? observed.Sample(sample) : observed;
    }
}
