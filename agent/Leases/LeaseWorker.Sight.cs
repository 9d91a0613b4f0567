using Dweb.Agent.Metering;
using Dweb.Agent.Runtimes;
using Dweb.Agent.Trust;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Agent.Leases;

/// <summary>What is done each time that the engine was asked about the container, and how its counters are read in between.</summary>
internal sealed partial class LeaseWorker
{
    private readonly ContainerSight sight = new(start.LeaseId, services.Runtime, services.Policy, services.Time);
    private readonly LeaseMeter meter = new(services.Counters, services.EngineClock, start.Meter);
    private DateTimeOffset? limitedRun;
    private (DateTimeOffset? StartedAt, ContainerCondition Condition)? keptRun;
    private long keptAt;

    /// <summary>After the loop was cancelled: the next process counts on from what is written now.</summary>
    public async Task KeepAsync()
    {
        if (record.Stage != LeaseStage.Started)
        {
            return;
        }

        meter.Read(out _);
        try
        {
            await SaveAsync(record, CancellationToken.None);
        }
        catch (IOException failure)
        {
            // It counts on from the record before, and from what was signed.
            NotKept(LeaseId, failure.Message);
        }
    }

    /// <returns>Whether there is a container that was started.</returns>
    private async Task<bool> SeeAsync(CancellationToken cancellationToken)
    {
        if (await sight.LookAsync(cancellationToken) is not { Condition: not ContainerCondition.Created } container)
        {
            return false;
        }

        await LimitAsync(container, cancellationToken);
        await MeterAsync(container, cancellationToken);
        services.Board.Set(LeaseReports.Of(LeaseId, container, services.PublicHost));
        return true;
    }

    private async Task MeterAsync(ContainerSnapshot container, CancellationToken cancellationToken)
    {
        await meter.SeeAsync(container, services.Premises.MeasureStorage(LeaseId), cancellationToken);
        var run = (container.StartedAt, container.Condition);
        if (keptRun != run || record.Stage != LeaseStage.Started || services.Time.GetElapsedTime(keptAt) >= services.Policy.Keep)
        {
            await SaveAsync(record, cancellationToken);
            keptRun = run;
        }

        services.Usage.Publish(LeaseId, ReadUsage);
    }

    private UsageEntry ReadUsage()
    {
        var read = meter.Read(out bool isLost);
        if (isLost)
        {
            Doubt();
        }

        return read.ToEntry(LeaseHandle.Of(LeaseId));
    }

    // Each run of a container has interfaces of its own.
    private async Task LimitAsync(ContainerSnapshot container, CancellationToken cancellationToken)
    {
        if (container.StartedAt != limitedRun)
        {
            await services.Premises.LimitAsync(container, cancellationToken);
            limitedRun = container.StartedAt;
        }
    }

    private UsageEntry FloorOf(LeaseTicket ticket) => new(
        LeaseHandle.Of(LeaseId), ticket.Settled.Seconds, ticket.Settled.Cpu, ticket.Settled.Memory, ticket.Settled.Storage, ticket.Settled.Received, ticket.Settled.Sent);
}
