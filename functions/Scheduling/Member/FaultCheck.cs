using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Coes;
using Dweb.Functions.Indexing;
using Dweb.Functions.Settings;

namespace Dweb.Functions.Scheduling.Member;

/// <summary>Holds the finding that a COE is dead against the member's own ears: it has not heard that COE for 2.5 heartbeats, and not since the time that is named.</summary>
internal sealed class FaultCheck(
    MemberNode node, MessageTerms terms, HearingCheck hearing, Heartbeats heartbeats, Market market, MarketHistory history, ProgramSettings settings)
{
    // Blocks carry whole seconds and come when they come: by so much two nodes' times of the same moment may differ.
    private const ulong ChainTimeError = 3;

    /// <exception cref="DwebException">Why this member does not find that.</exception>
    public async Task RunAsync(FaultRequest request, CancellationToken cancellationToken)
    {
        var fault = request.Fault;
        var state = await node.ReachAsync(request.Block, cancellationToken);
        terms.Check(fault.CommitteeEpoch, fault.Deadline, state.Timestamp, "fault");
        if (market.FindLease(fault.LeaseId) is not { IsLive: true } lease)
        {
            throw MessageTerms.Refusal($"The chain has no live lease {fault.LeaseId}.", FaultFields.LeaseId);
        }

        await hearing.RequireLostAsync(lease.Coe, FaultFields.LeaseId, cancellationToken);
        CheckDeadSince(fault, lease.Coe);
    }

    private void CheckDeadSince(Fault fault, Hash32 coe)
    {
        ulong now = history.Newest.Timestamp;
        ulong heard = now - Math.Min(now, (ulong)heartbeats.SilentFor(coe).TotalSeconds);
        ulong tolerance = (ulong)Math.Ceiling(settings.Heartbeat.TotalSeconds) + ChainTimeError;
        if (fault.DeadSince > now)
        {
            throw MessageTerms.Refusal($"It says dead since {fault.DeadSince}; the chain's time is {now}.", FaultFields.DeadSince);
        }

        if (fault.DeadSince + tolerance < heard)
        {
            throw MessageTerms.Refusal($"It says dead since {fault.DeadSince}; this member knows of no silence before {heard}.", FaultFields.DeadSince);
        }
    }
}
