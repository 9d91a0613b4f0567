namespace Dweb.Local.Bench.Trace;

/// <param name="Depth">0 for one that hangs at nothing here.</param>
/// <param name="OffsetMs">From the start of the first line.</param>
internal sealed record TraceLine(int Depth, string Service, string Name, double OffsetMs, double TookMs);

/// <summary>The spans of one order, each below the one that it hangs at, in the order of their starts.</summary>
internal static class TraceTree
{
    public const string OrderTag = "dweb.order";
    public const string LeaseTag = "dweb.lease";
    private const double NanosecondsOfAMillisecond = 1_000_000;

    /// <param name="spans">Of all orders.</param>
    /// <param name="traceId">Of the request; what agents do is joined to it by order and lease, for no context travels to them.</param>
    public static IReadOnlyList<TraceLine> Of(IReadOnlyList<TracedSpan> spans, string traceId, string orderHash)
    {
        var ofOrder = spans.Where(span => span.TraceId == traceId || span.Attributes.GetValueOrDefault(OrderTag) == orderHash).ToList();
        var leases = ofOrder.Select(static span => span.Attributes.GetValueOrDefault(LeaseTag)).OfType<string>().ToHashSet(StringComparer.Ordinal);
        List<TracedSpan> own = [.. ofOrder.Union(spans.Where(span => span.Attributes.GetValueOrDefault(LeaseTag) is { } lease && leases.Contains(lease))).OrderBy(static span => span.StartNs)];
        var ids = own.Select(static span => span.SpanId).ToHashSet(StringComparer.Ordinal);
        var children = own.ToLookup(span => ids.Contains(span.ParentId) ? span.ParentId : "", StringComparer.Ordinal);
        var lines = new List<TraceLine>();
        Add("", 0);
        return lines;

        void Add(string parent, int depth)
        {
            foreach (var span in children[parent])
            {
                lines.Add(new TraceLine(
                    depth, span.Service, span.Name, (span.StartNs - own[0].StartNs) / NanosecondsOfAMillisecond, (span.EndNs - span.StartNs) / NanosecondsOfAMillisecond));
                Add(span.SpanId, depth + 1);
            }
        }
    }
}
