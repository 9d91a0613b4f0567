using Dweb.Agent.Trust;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Agent.Leases;

/// <summary>What the chain says of one lease, and when it is asked again: by somebody's wish, once its funds are over, and every <see cref="LeasePolicy.Recheck"/>.</summary>
/// <param name="wake">Of the lease's worker: set when its funds are over.</param>
internal sealed class LeaseLook(Hash32 leaseId, LeaseServices services, WakeSignal wake)
{
    private volatile bool isWanted;
    private long? notedAt;
    private ulong fundedUntil;

    /// <summary>Until the chain is asked again, if nothing wakes the worker before.</summary>
    public TimeSpan Left =>
        !isWanted && notedAt is { } at && services.Clock.Now < fundedUntil && services.Policy.Recheck - services.Time.GetElapsedTime(at) is { } left && left > TimeSpan.Zero
            ? left
            : TimeSpan.Zero;

    /// <summary>The chain is asked at the next step.</summary>
    public void Want() => isWanted = true;

    /// <returns>Why the lease runs no longer; null where it runs on, or need not be asked for now.</returns>
    public async Task<Refusal?> FindStopAsync(AssignmentDocument? assignment, CancellationToken cancellationToken)
    {
        if (Left > TimeSpan.Zero)
        {
            return null;
        }

        bool isTimeWanted = isWanted || notedAt is null;
        isWanted = false;
        (var head, var safe) = await ReadAsync(assignment, isTimeWanted, cancellationToken);
        Note(head);
        return LeaseRule.FindStop(head, safe, services.Clock.Now);
    }

    public Task<(LeaseTicket Head, LeaseTicket? Safe)> ReadAsync(AssignmentDocument? assignment, CancellationToken cancellationToken) =>
        ReadAsync(assignment, isTimeWanted: true, cancellationToken);

    private async Task<(LeaseTicket Head, LeaseTicket? Safe)> ReadAsync(AssignmentDocument? assignment, bool isTimeWanted, CancellationToken cancellationToken)
    {
        var head = await ReadAsync(assignment, ChainView.Head, cancellationToken);

        // An open lease is over by the clock, which is read for all of them; of any other it is asked how late it is now.
        if (isTimeWanted || head.State != LeaseState.Open)
        {
            services.Clock.Note(await services.Tickets.ReadTimeAsync(cancellationToken));
        }

        return (head, head.State == LeaseState.None ? await ReadAsync(assignment, ChainView.Safe, cancellationToken) : null);
    }

    public void Note(LeaseTicket ticket)
    {
        fundedUntil = ticket.FundedUntil;
        notedAt = services.Time.GetTimestamp();
        services.Clock.WakeAt(fundedUntil, wake);
    }

    // A control plane that lies about the order cannot hide what the chain says of the lease.
    private async Task<LeaseTicket> ReadAsync(AssignmentDocument? assignment, ChainView at, CancellationToken cancellationToken) =>
        assignment is not null && TicketCheck.FindInId(assignment, services.Me) is null
        && (await services.Tickets.ReadAsync(assignment, at, cancellationToken)).Ticket is { } ticket
            ? ticket
            : await services.Tickets.ReadAsync(leaseId, at, cancellationToken);
}
