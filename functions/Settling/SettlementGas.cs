namespace Dweb.Functions.Settling;

/// <summary>
/// How much gas a settlement transaction takes at most. The parts are differences between the figures in <c>contracts/gas/settlement.json</c>, rounded
/// up: those are first settlements, which write every account for the first time and are the dearest. Tests hold the bound against each figure.
/// </summary>
internal static class SettlementGas
{
    /// <summary>The transaction itself, its fee and bounty, and the pool's taking of the royalties: a lease alone less the parts below.</summary>
    private const ulong Transaction = 133_000;

    /// <summary>A batch: signature, agent key, earnings, event. A ninth of what ten COEs cost more than one.</summary>
    private const ulong Batch = 40_600;

    /// <summary>An entry: calldata, two slots, its part of the event. A nineteenth of what twenty leases cost more than one.</summary>
    private const ulong Entry = 10_200;

    /// <summary>An image whose royalty node is credited. A nineteenth of what twenty images cost more than one.</summary>
    private const ulong Image = 26_700;

    /// <summary>A look at one of the nodes before, to see whether it is the same: what images in turn cost more than one after the other, by look.</summary>
    private const ulong Look = 190;

    /// <summary>For a chain that prices something otherwise than the one that was measured.</summary>
    private const ulong MarginPercent = 10;

    /// <param name="runs">How often the next entry is of another image than the one before; <paramref name="images"/> at least.</param>
    public static ulong Bound(int batches, int entries, int images, int runs)
    {
        // Each image is looked for among those before it when it first comes, and among all of them when it comes again.
        ulong looks = ((ulong)images * (ulong)images / 2) + ((ulong)(runs - images) * (ulong)images);
        ulong gas = Transaction + (Batch * (ulong)batches) + (Entry * (ulong)entries) + (Image * (ulong)images) + (Look * looks);
        return gas + (gas * MarginPercent / 100);
    }
}
