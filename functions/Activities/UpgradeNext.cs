using Dweb.Chain.Contracts;
using Dweb.Chain.Transactions;
using Dweb.Core.Placement;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Indexing;
using Dweb.Functions.Leases;
using Dweb.Functions.Orchestrations;
using Dweb.Functions.Orders;
using Dweb.Functions.Scheduling;
using LeaseKey = Dweb.Core.Protocol.Messages.LeaseKey;
using Order = Dweb.Core.Protocol.Messages.Order;
using Upgrade = Dweb.Core.Protocol.Messages.Upgrade;

namespace Dweb.Functions.Activities;

/// <summary>
/// Moves some replicas of a service to the image that its channel points to, or back from it to the one that was signed. Looks at the chain first:
/// replicas that were moved and not judged yet are named again, and nothing else is moved before they are.
/// </summary>
internal sealed class UpgradeNext(
    ChainContracts contracts, ChainIndexer indexer, Market market, MarketView view, DueUpgrades due, ICommitteeSigners committee,
    ProtocolParameters parameters, SenderPool senders, ConfinedServices confined, OrderTimeline timeline)
{
    private const ulong GasOfEnding = 300_000;

    public async Task<RolloutProgress> RunAsync(RolloutStep step, CancellationToken cancellationToken)
    {
        var rollout = step.Rollout;
        await indexer.CatchUpAsync(cancellationToken);
        var admitted = market.Orders[rollout.OrderHash];
        var order = admitted.Order.ToMessage();
        var ahead = due.Ahead(rollout.OrderHash, rollout.Service, rollout.Image);
        var behind = due.Behind(rollout.OrderHash, rollout.Service, rollout.Image);
        List<LeaseRecord> moved = [.. rollout.GoesBack ? behind.Where(l => l.PutBackFrom == rollout.Image) : ahead.Where(static l => l.Generation > 0)];
        List<LeaseRecord> moving = [.. rollout.GoesBack ? ahead : behind];
        var unjudged = moved.Where(l => !step.Judged.Contains(l.Replica)).ToList();
        if (unjudged.Count > 0 && moving.Count > 0)
        {
            return new RolloutProgress(RolloutTurn.Moved, [.. unjudged.Select(static l => l.Replica)], null);
        }

        if (moving.Count == 0 || admitted.Cancelled)
        {
            return new RolloutProgress(RolloutTurn.Done, [], null);
        }

        var signed = order.Services[rollout.Service].ImageDigest;
        if (!rollout.GoesBack)
        {
            var stable = await contracts.ContainerRegistry.StableOfAsync(signed, cancellationToken: cancellationToken);
            if (stable != rollout.Image)
            {
                return new RolloutProgress(RolloutTurn.Refused, [], stable.IsZero ? "the channel's image was withdrawn" : "the channel has moved on");
            }
        }

        var batch = moving.Take(rollout.Pace.Parallelism).ToList();
        var lists = (await confined.ListAsync(order.Services, cancellationToken)).Lists;
        var placement = Placer.Place(view.Snapshot(), view.Heard(), due.Request(rollout.OrderHash, order, batch).ConfinedTo(lists));
        return placement.Entries.Count == 0
            ? new RolloutProgress(RolloutTurn.Waits, [], placement.Unplaced[0].Explain())
            : await SendAsync(rollout, order, placement, lists, batch, cancellationToken);
    }

    private async Task<RolloutProgress> SendAsync(
        RolloutInput rollout, Order order, PlacementResult placement, IReadOnlyList<ServiceCoes> lists, List<LeaseRecord> batch, CancellationToken cancellationToken)
    {
        var entries = placement.Entries;
        var evidence = PlacementEvidence.Of(placement, [], null, lists);
        List<LeaseKey> replaced = [.. entries.Select(entry => batch.Single(l => l.Replica == entry.Replica).Key)];
        var upgrade = new Upgrade(
            rollout.OrderHash, rollout.GoesBack ? order.Services[rollout.Service].ImageDigest : rollout.Image, entries, (uint)rollout.Pace.OverlapSeconds, market.Governed.CommitteeEpoch, placement.Timestamp + parameters.AskDelay);
        try
        {
            var signatures = await committee.SignAsync(upgrade, evidence, cancellationToken);
            return await SendAsync(rollout, order, upgrade, replaced, placement, signatures, cancellationToken);
        }
        catch (QuorumMissedException missed)
        {
            // Whom members hear changes; it is asked for again.
            timeline.AddReport(rollout.OrderHash, missed.Message, "unsigned");
            return new RolloutProgress(RolloutTurn.Waits, [], missed.Message);
        }
    }

    private async Task<RolloutProgress> SendAsync(
        RolloutInput rollout, Order order, Upgrade upgrade, List<LeaseKey> replaced, PlacementResult placement, IReadOnlyList<EvmSignature> signatures, CancellationToken cancellationToken)
    {
        var entries = upgrade.Entries;
        var call = contracts.LeaseBook.Upgrade(
            ContractArguments.Of(order), ContractArguments.Of(order.Services), ContractArguments.Of(upgrade), [.. entries.Select(ContractArguments.Of)],
            [.. replaced.Select(ContractArguments.Of)], [.. signatures.Select(static s => s.ToArray())]);
        try
        {
            var plan = placement.ToPlan(upgrade.OrderHash, upgrade.CommitteeEpoch, upgrade.Deadline);
            var receipt = await senders.SendAsync(call, OpeningCall.GasBound(order, plan) + (GasOfEnding * (ulong)entries.Count), cancellationToken);
            indexer.ShowEarly(receipt);
            var skipped = PlanSkips.AllIn(receipt, plan);
            foreach (string line in PlacementWords.Of(placement.Choices, market))
            {
                timeline.Add(upgrade.OrderHash, rollout.GoesBack ? "put-back" : "moved", line);
            }

            List<ushort> moved = [.. Enumerable.Range(0, entries.Count).Where(i => !skipped.ContainsKey(i)).Select(i => entries[i].Replica)];
            return moved.Count > 0 ? new RolloutProgress(RolloutTurn.Moved, moved, null) : Skipped(skipped[0].Code, skipped[0].Sentence);
        }
        catch (TransactionRevertedException refused)
        {
            // Somebody was first, or what was read is out of date.
            return new RolloutProgress(RolloutTurn.Waits, [], ContractRefusals.Translate(refused.Error).Message);
        }
    }

    // What lies with the image is the same tomorrow; what lies with a COE or with money may pass.
    private static RolloutProgress Skipped(SkipCode code, string sentence) => new(
        code is SkipCode.RoyaltyAboveMax or SkipCode.ImageMissing or SkipCode.ImageMalicious or SkipCode.ImageRevoked or SkipCode.NotUpgradable
            ? RolloutTurn.Refused
            : RolloutTurn.Waits,
        [], sentence);
}
