using Dweb.Local.Bench.Trace;

namespace Dweb.Local.Bench.Agent;

/// <summary>What agents told of one order by their spans.</summary>
internal static class AgentSpans
{
    private const string Received = "assignment received";
    private const string Started = "start";
    private const double NanosecondsOfAMillisecond = 1_000_000;

    /// <summary>Milliseconds from the arrival of the first of an order's assignments until the engine said of the last that it runs.</summary>
    /// <param name="order">Its hash.</param>
    /// <param name="leases">How many there are.</param>
    /// <returns>Null while not all of them have told both.</returns>
    public static double? StartMs(IReadOnlyList<TracedSpan> spans, string order, int leases)
    {
        var own = spans.Where(span => span.Attributes.GetValueOrDefault(TraceTree.OrderTag) == order).ToLookup(static span => span.Name, StringComparer.Ordinal);
        return LeasesOf(own[Received]) >= leases && LeasesOf(own[Started]) >= leases
            ? (own[Started].Max(static span => span.EndNs) - own[Received].Min(static span => span.StartNs)) / NanosecondsOfAMillisecond
            : null;
    }

    private static int LeasesOf(IEnumerable<TracedSpan> spans) => spans.Select(static span => span.Attributes.GetValueOrDefault(TraceTree.LeaseTag)).Distinct(StringComparer.Ordinal).Count();
}
