using Dweb.Core.Protocol;

namespace Dweb.Functions.Settling;

/// <summary>
/// Packs groups into transactions in the order in which they come. A COE stays whole where it fits into one; else its batches are divided, which loses
/// nothing, since each is under its own signature. One batch is the least that can be sent.
/// </summary>
internal static class SettlementPacker
{
    /// <param name="limit">Gas of a transaction.</param>
    public static IReadOnlyList<PackedTransaction> Pack(IEnumerable<UsageGroup> groups, Func<UsageGroup, UsageLoad> loadOf, ulong limit)
    {
        var packed = new List<PackedTransaction>();
        var open = new Filling();
        foreach (var piece in groups.SelectMany(group => Pieces(group, loadOf, limit)))
        {
            var load = loadOf(piece);
            if (!open.IsEmpty && open.GasWith(load) > limit)
            {
                packed.Add(open.Close());
                open = new Filling();
            }

            open.Add(piece, load);
        }

        return open.IsEmpty ? packed : [.. packed, open.Close()];
    }

    private static IEnumerable<UsageGroup> Pieces(UsageGroup group, Func<UsageGroup, UsageLoad> loadOf, ulong limit) =>
        loadOf(group).Gas <= limit ? [group] : group.Batches.Select(batch => new UsageGroup(group.Coe, [batch]));

    private sealed class Filling
    {
        private readonly List<UsageGroup> pieces = [];
        private readonly HashSet<Hash32> images = [];
        private int batches;
        private int entries;
        private int runs;

        public bool IsEmpty => pieces.Count == 0;

        public ulong GasWith(UsageLoad more) => SettlementGas.Bound(
            batches + more.Batches, entries + more.Entries, images.Count + more.Images.Count(image => !images.Contains(image)), runs + more.Runs);

        public void Add(UsageGroup piece, UsageLoad load)
        {
            pieces.Add(piece);
            images.UnionWith(load.Images);
            batches += load.Batches;
            entries += load.Entries;
            runs += load.Runs;
        }

        /// <summary>Pieces of one COE that came together are one group again.</summary>
        public PackedTransaction Close() => new(
            [.. pieces.GroupBy(static p => p.Coe).Select(static coe => new UsageGroup(coe.Key, [.. coe.SelectMany(static p => p.Batches)]))],
            SettlementGas.Bound(batches, entries, images.Count, runs));
    }
}

/// <param name="Gas">That it takes at most.</param>
internal sealed record PackedTransaction(IReadOnlyList<UsageGroup> Groups, ulong Gas);
