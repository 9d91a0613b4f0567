using System.Numerics;
using Dweb.Chain.Rpc;
using Dweb.Functions.Coes;
using Dweb.Functions.Indexing;
using Dweb.Functions.Orchestrations;
using Dweb.Functions.Settings;
using Dweb.Functions.Settling;

namespace Dweb.Functions.Activities;

/// <summary>
/// Says what an epoch settles and in which transactions. Signatures are checked here, against the chain as it is now, so that a bad one never costs gas;
/// a COE under suspicion gets a transaction of its own.
/// </summary>
internal sealed class CollectUsage(
    DueUsage due, UsageBook book, Market market, Quarantine quarantine, ChainIndexer indexer, ChainClient chain, ControlPlaneSettings settings)
{
    private const int WorthOverGas = 200;

    public async Task<SettlementPlan> RunAsync(SettlementInput input, CancellationToken cancellationToken)
    {
        await indexer.CatchUpAsync(cancellationToken);
        var price = settings.MinSettleWei is null ? await chain.GetGasPriceAsync(cancellationToken) : BigInteger.Zero;
        var quarantined = await quarantine.ListAsync(cancellationToken);
        var (sound, suspected) = (new List<UsageGroup>(), new List<UsageGroup>());
        foreach (var group in due.Collect(indexer.Head.Timestamp, load => settings.MinSettleWei ?? (price * load.Gas * WorthOverGas)))
        {
            var signed = await SignedOfAsync(group, input.Epoch, cancellationToken);
            bool isSuspected = quarantined.TryGetValue(group.Coe, out var row);
            if (signed.Batches.Count > 0 && !(isSuspected && quarantine.Holds(row!, signed)))
            {
                (isSuspected ? suspected : sound).Add(signed);
            }
        }

        ulong limit = Math.Min((ulong)settings.Settlement.Gas, indexer.Head.GasLimit / 2);
        return new SettlementPlan([
            .. Pack(sound, limit).Select(packed => PartOf(input, packed, suspected: false)),
            .. suspected.SelectMany(group => Pack([group], limit)).Select(packed => PartOf(input, packed, suspected: true)),
        ]);
    }

    private IReadOnlyList<PackedTransaction> Pack(IReadOnlyList<UsageGroup> groups, ulong limit) => SettlementPacker.Pack(groups, due.LoadOf, limit);

    /// <summary>What is not signed by the agent of today never will be: it is left out of account.</summary>
    private async Task<UsageGroup> SignedOfAsync(UsageGroup group, long epoch, CancellationToken cancellationToken)
    {
        var signed = group.Batches.ToLookup(due.IsSigned);
        if (signed[false].Any())
        {
            string agent = market.Coes.TryGetValue(group.Coe, out var coe) ? coe.Agent.ToString() : "which is not known";
            await quarantine.PutAsync(new(epoch, group.Coe, $"BadSignature: not signed by the COE's agent key {agent}"), cancellationToken);
        }

        foreach (var batch in signed[false])
        {
            await book.DropAsync(batch, cancellationToken);
        }

        return group with { Batches = [.. signed[true]] };
    }

    private static SettlementPart PartOf(SettlementInput input, PackedTransaction packed, bool suspected) =>
        new(input.Epoch, [.. packed.Groups.Select(static group => new UsageRef(group.Coe, [.. group.Batches.Select(static b => b.Key)]))], suspected);
}
