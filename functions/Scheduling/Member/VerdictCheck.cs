using System.Text;
using System.Text.Json;
using Dweb.Core.Manifest;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Functions.Disputes;
using Dweb.Functions.Indexing;
using Dweb.Functions.Orchestrations;

namespace Dweb.Functions.Scheduling.Member;

/// <summary>Asks a disputed container by itself, and signs only the verdict that it comes to.</summary>
internal sealed class VerdictCheck(MemberNode node, MessageTerms terms, DisputesOnChain disputes, ServingExamination examination, Market market)
{
    /// <exception cref="DwebException">Why this member does not find that.</exception>
    public async Task RunAsync(VerdictRequest request, CancellationToken cancellationToken)
    {
        var verdict = request.Verdict;
        var state = await node.ReachAsync(request.Block, cancellationToken);
        terms.Check(verdict.CommitteeEpoch, verdict.Deadline, state.Timestamp, "verdict");
        if (market.FindLease(verdict.LeaseId) is not { } lease || !market.Orders.TryGetValue(lease.OrderHash, out var order))
        {
            throw MessageTerms.Refusal($"The chain knows no lease {verdict.LeaseId}.", VerdictFields.LeaseId);
        }

        if (await disputes.TimeLeftAsync(new DisputeInput(verdict.LeaseId, verdict.DisputedSeconds), cancellationToken) is not { } left)
        {
            throw MessageTerms.Refusal($"No dispute about {verdict.DisputedSeconds} s of lease {verdict.LeaseId} waits for a verdict.", VerdictFields.DisputedSeconds);
        }

        int ports = PortsOf(request.Spec, order.Order.Services[lease.Service].SpecHash);
        var judged = ServingJudge.Of(await examination.RunAsync(lease, ports, ProbePace.OfMember(left), cancellationToken));
        if (judged.Finding != (verdict.Refund ? DisputeFinding.NotServed : DisputeFinding.Served))
        {
            throw MessageTerms.Refusal($"This member finds: {judged.Finding}; {judged.Why}.", VerdictFields.Refund);
        }
    }

    private static int PortsOf(string spec, Hash32 signed)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(spec);
        if (Keccak256.Hash(bytes) != signed)
        {
            throw MessageTerms.Refusal($"The spec hashes to {Keccak256.Hash(bytes)}; the user signed {signed}.", "spec");
        }

        try
        {
            return ContainerSpec.FromCanonicalJson(bytes).Ports.Count;
        }
        catch (JsonException malformed)
        {
            throw MessageTerms.Refusal($"The spec cannot be read: {malformed.Message}", "spec");
        }
    }
}
