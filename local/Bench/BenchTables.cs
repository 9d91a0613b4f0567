using System.Globalization;
using Dweb.Local.Terminal;
using Spectre.Console;

namespace Dweb.Local.Bench;

/// <summary>What was measured: each pair, where the time of an order goes, and the ratio.</summary>
internal static class BenchTables
{
    public static void Show(Screen screen, BenchResult result)
    {
        var pairs = new Table().AddColumn("pair").AddColumn(new TableColumn("order to Running, ms").RightAligned()).AddColumn(new TableColumn("docker run -d, ms").RightAligned());
        foreach (var (pair, i) in result.Pairs.Select((p, i) => (p, i + 1)))
        {
            pairs.AddRow(Text(i), Text(pair.OrderMs), Text(pair.DockerMs));
        }

        pairs.AddRow("median", Text(result.OrderMedian), Text(result.DockerMedian));
        pairs.AddRow("p95", Text(result.OrderP95), Text(result.DockerP95));
        screen.Table(pairs);

        var steps = StepMedians(result);
        if (steps.Count > 0)
        {
            var table = new Table().AddColumn("step of an order").AddColumn(new TableColumn("after the first byte, ms").RightAligned()).AddColumn(new TableColumn("since the step before, ms").RightAligned());
            var before = 0L;
            foreach (var (step, after) in steps)
            {
                table.AddRow(Markup.Escape(step), Text(after), Text(after - before));
                before = after;
            }

            screen.Table(table);
        }

        screen.Plain($"ratio {Hundredths(result.RatioPercent)} (order to Running / docker run, medians of {Text(result.Pairs.Count)}), p95 {Hundredths(result.P95RatioPercent)}");
    }

    /// <summary>The median time of each step that every order passed, in the order in which they are passed.</summary>
    public static IReadOnlyList<(string Step, long AfterMs)> StepMedians(BenchResult result)
    {
        var first = result.Pairs.Select(p => p.Timeline.Steps.ToLookup(s => s.Step, s => s.AfterMs, StringComparer.Ordinal)).ToList();
        return first.Count == 0
            ? []
            : [.. first[0].Select(step => step.Key)
                .Where(step => first.TrueForAll(order => order.Contains(step)))
                .Select(step => (Step: step, AfterMs: BenchResult.Median(first.Select(order => order[step].First()))))
                .OrderBy(s => s.AfterMs)];
    }

    private static string Hundredths(long percent) => string.Create(CultureInfo.InvariantCulture, $"{percent / 100}.{percent % 100:00}");

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
