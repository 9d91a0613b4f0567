using Dweb.Local.Bench.Trace;

namespace Dweb.Local.Tests.Bench;

public sealed class SpansMakeATree
{
    private const string Trace = "t";

    [Fact]
    public void A_step_hangs_below_the_one_that_it_belongs_to_and_brothers_come_by_their_start()
    {
        TracedSpan[] spans = [Span("second", id: "3", parent: "1", startMs: 30, endMs: 31), Span("request", id: "1", startMs: 10, endMs: 50), Span("first", id: "2", parent: "1", startMs: 12, endMs: 20)];
        Assert.Equal(
            [new TraceLine(0, "plane", "request", 0, 40), new TraceLine(1, "plane", "first", 2, 8), new TraceLine(1, "plane", "second", 20, 1)],
            TraceTree.Of(spans, Trace, "0xab"));
    }

    [Fact]
    public void What_an_agent_does_is_joined_by_order_or_lease_and_other_orders_are_left_out()
    {
        TracedSpan[] spans =
        [
            Span("request", id: "1", startMs: 10, endMs: 50),
            Span("launch", id: "2", trace: "u", startMs: 20, endMs: 30, tags: [("dweb.order", "0xab"), ("dweb.lease", "0x01")]),
            Span("report", id: "3", trace: "v", startMs: 31, endMs: 32, tags: [("dweb.lease", "0x01")]),
            Span("launch", id: "4", trace: "w", startMs: 21, endMs: 33, tags: [("dweb.order", "0xcd"), ("dweb.lease", "0x02")]),
        ];
        Assert.Equal(["request", "launch", "report"], TraceTree.Of(spans, Trace, "0xab").Select(static line => line.Name));
    }

    [Fact]
    public void What_hangs_at_a_span_that_nobody_exported_stands_by_itself() =>
        Assert.Equal(0, Assert.Single(TraceTree.Of([Span("request", id: "1", parent: "9", startMs: 1, endMs: 2)], Trace, "0xab")).Depth);

    private static TracedSpan Span(string name, string id, ulong startMs, ulong endMs, string parent = "", string trace = Trace, params (string Key, string Value)[] tags) =>
        new("plane", trace, id, parent, name, startMs * 1_000_000, endMs * 1_000_000, tags.ToDictionary(static tag => tag.Key, static tag => tag.Value));
}
