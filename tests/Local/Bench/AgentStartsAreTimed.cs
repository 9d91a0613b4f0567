using Dweb.Local.Bench.Agent;
using Dweb.Local.Bench.Trace;

namespace Dweb.Local.Tests.Bench;

public sealed class AgentStartsAreTimed
{
    private const string Order = "0xab";

    [Fact]
    public void From_the_first_arrival_to_the_last_start_of_that_order()
    {
        TracedSpan[] spans =
        [
            Span("assignment received", "1", 10, 10), Span("assignment received", "2", 12, 12), Span("create", "1", 15, 20), Span("start", "1", 20, 150), Span("start", "2", 22, 210),
            Span("start", "3", 1, 900, order: "0xcd"), Span("assignment received", "3", 1, 1, order: "0xcd"),
        ];
        Assert.Equal(200.0, AgentSpans.StartMs(spans, Order, leases: 2));
    }

    [Fact]
    public void What_is_not_all_there_is_waited_for()
    {
        TracedSpan[] spans = [Span("assignment received", "1", 10, 10), Span("assignment received", "2", 12, 12), Span("start", "1", 20, 150), Span("start", "1", 160, 190)];
        Assert.Null(AgentSpans.StartMs(spans, Order, leases: 2));
        Assert.Null(AgentSpans.StartMs([spans[2]], Order, leases: 1));
        Assert.Equal(180.0, AgentSpans.StartMs(spans, Order, leases: 1));
    }

    private static TracedSpan Span(string name, string lease, ulong startMs, ulong endMs, string order = Order) => new(
        "dweb-agent", "t", $"{name}{lease}{startMs}", "", name, startMs * 1_000_000, endMs * 1_000_000, new Dictionary<string, string> { ["dweb.order"] = order, ["dweb.lease"] = lease });
}
