using System.Globalization;
using System.Numerics;
using Dweb.Functions.Settling;
using Spectre.Console;

namespace Dweb.Benchmarks.Settlement;

/// <summary>
/// <c>settlement</c>: what an epoch costs off chain (collect what is due, recover each signature, pack into transactions), and how much gas those
/// transactions take at most. Keys and signatures are made before and not counted.
/// </summary>
internal static class SettlementBench
{
    /// <summary>As the settings have it by default.</summary>
    private const ulong GasOfTransaction = 15_000_000;

    private const int TableWidth = 160;

    public static void Run(int coes)
    {
        AnsiConsole.Profile.Width = TableWidth;
        Console.WriteLine($"signing: {coes} reports of {SettlementMarket.LeasesEach} leases");
        var due = new SettlementMarket(coes).Due;

        // Once before, so that compilation is not what is measured.
        Measure(new SettlementMarket(20).Due);
        Show(coes, Measure(due));
    }

    private static Figures Measure(DueUsage due)
    {
        var (collecting, groups) = Time(() => due.Collect(SettlementMarket.Now, static load => new BigInteger(load.Gas)));
        var (verifying, signed) = Time(() => groups.Where(group => group.Batches.All(due.IsSigned)).ToList());
        var (packing, packed) = Time(() => SettlementPacker.Pack(signed, due.LoadOf, GasOfTransaction));
        return signed.Count == groups.Count
            ? new Figures(collecting, verifying, packing, groups.Count, packed)
            : throw new InvalidOperationException($"{groups.Count - signed.Count} of {groups.Count} reports did not verify.");
    }

    private static (TimeSpan Took, T Result) Time<T>(Func<T> work)
    {
        long start = TimeProvider.System.GetTimestamp();
        var result = work();
        return (TimeProvider.System.GetElapsedTime(start), result);
    }

    private static void Show(int coes, Figures f)
    {
        int leases = coes * SettlementMarket.LeasesEach;
        var times = Columns(FormattableString.Invariant($"{leases:N0} leases of {coes:N0} COEs, {SettlementMarket.Images} images, {SettlementMarket.ImagesEach} a COE"), "ms");
        times.AddRow("collect what is due", Text(f.Collecting.TotalMilliseconds));
        times.AddRow(FormattableString.Invariant($"verify {f.Groups:N0} signatures"), Text(f.Verifying.TotalMilliseconds));
        times.AddRow("pack", Text(f.Packing.TotalMilliseconds));
        times.AddRow("all", Text((f.Collecting + f.Verifying + f.Packing).TotalMilliseconds));
        AnsiConsole.Write(times);

        double gas = f.Packed.Sum(static p => (double)p.Gas);
        var chain = Columns(FormattableString.Invariant($"on chain, {GasOfTransaction:N0} gas a transaction at most"), "number");
        chain.AddRow("transactions", Text(f.Packed.Count));
        chain.AddRow("COEs a transaction", ((double)f.Groups / f.Packed.Count).ToString("0.0", CultureInfo.InvariantCulture));
        chain.AddRow("gas at most, all transactions", Text(gas));
        chain.AddRow("gas at most, a lease", Text(gas / leases));
        AnsiConsole.Write(chain);
    }

    private static Table Columns(string first, string second) =>
        new Table().AddColumn(Markup.Escape(first)).AddColumn(new TableColumn(Markup.Escape(second)).RightAligned());

    private static string Text(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private sealed record Figures(TimeSpan Collecting, TimeSpan Verifying, TimeSpan Packing, int Groups, IReadOnlyList<PackedTransaction> Packed);
}
