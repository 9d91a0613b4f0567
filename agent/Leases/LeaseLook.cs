using Dweb.Agent.Trust;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Agent.Leases;

/// <summary>What the chain says of one lease, and when it is asked again: by somebody's wish, once its funds are over, and every <see cref="LeasePolicy.Recheck"/>.</summary>
internal sealed class LeaseLook(Hash32 leaseId, LeaseServices services)
{
    private volatile bool isWanted;
    private long? notedAt;
    private ulong fundedUntil;

    private bool IsDue => isWanted || notedAt is null || services.Clock.Now >= fundedUntil || services.Time.GetElapsedTime(notedAt.Value) >= services.Policy.Recheck;

    /// <summary>The chain is asked at the next step.</summary>
    public void Want() => isWanted = true;

    /// <returns>Why the lease runs no longer; null where it runs on, or need not be asked for now.</returns>
    public async Task<Refusal?> FindStopAsync(AssignmentDocument? assignment, CancellationToken cancellationToken)
    {
        if (!IsDue)
        {
            return null;
        }

        isWanted = false;
        (var head, var safe) = await ReadAsync(assignment, cancellationToken);
        Note(head);
        return LeaseRule.FindStop(head, safe, services.Clock.Now);
    }

    public async Task<(LeaseTicket Head, LeaseTicket? Safe)> ReadAsync(AssignmentDocument? assignment, CancellationToken cancellationToken)
    {
        var head = await ReadAsync(assignment, ChainView.Head, cancellationToken);
        services.Clock.Note(await services.Tickets.ReadTimeAsync(cancellationToken));
        return (head, head.State == LeaseState.None ? await ReadAsync(assignment, ChainView.Safe, cancellationToken) : null);
    }

    public void Note(LeaseTicket ticket)
    {
        fundedUntil = ticket.FundedUntil;
        notedAt = services.Time.GetTimestamp();
    }

    // A control plane that lies about the order cannot hide what the chain says of the lease.
    private async Task<LeaseTicket> ReadAsync(AssignmentDocument? assignment, ChainView at, CancellationToken cancellationToken) =>
        assignment is not null && TicketCheck.FindInId(assignment, services.Me) is null
        && (await services.Tickets.ReadAsync(assignment, at, cancellationToken)).Ticket is { } ticket
            ? ticket
            : await services.Tickets.ReadAsync(leaseId, at, cancellationToken);
}
