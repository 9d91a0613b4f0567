namespace Dweb.Local.Bench;

/// <summary>An order and the bare run that was taken in turn with it, in milliseconds.</summary>
internal sealed record BenchPair(long OrderMs, long DockerMs, OrderTimeline Timeline);

/// <summary>When an order passed its stations, in milliseconds after the request's first byte, by the control plane's clock.</summary>
internal sealed record OrderTimeline(IReadOnlyList<(string Step, long AfterMs)> Steps);

/// <summary>All pairs of one measurement.</summary>
internal sealed record BenchResult(IReadOnlyList<BenchPair> Pairs)
{
    public long OrderMedian => Median(Pairs.Select(p => p.OrderMs));

    public long DockerMedian => Median(Pairs.Select(p => p.DockerMs));

    public long OrderP95 => P95(Pairs.Select(p => p.OrderMs));

    public long DockerP95 => P95(Pairs.Select(p => p.DockerMs));

    /// <summary>How much longer an order takes than a bare run, by their medians, in hundredths.</summary>
    public long RatioPercent => Hundredths(OrderMedian, DockerMedian);

    /// <summary>The same by what 95 of 100 do not exceed.</summary>
    public long P95RatioPercent => Hundredths(OrderP95, DockerP95);

    /// <summary>The middle value; of an even number, the mean of the two in the middle, rounded down.</summary>
    public static long Median(IEnumerable<long> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? 0 : (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }

    /// <summary>The least of the values that at least 95 of 100 of them do not exceed; of less than twenty, the greatest.</summary>
    public static long P95(IEnumerable<long> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? 0 : sorted[(((95 * sorted.Count) + 99) / 100) - 1];
    }

    private static long Hundredths(long order, long docker) => docker == 0 ? 0 : order * 100 / docker;
}
