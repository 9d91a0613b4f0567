using Dweb.Core.Protocol;
using Dweb.Functions.Orders;

namespace Dweb.Functions.Tests.Orders;

public sealed class OrderTimelineTests
{
    [Fact]
    public void Reports_without_end_keep_the_newest_and_every_step()
    {
        var timeline = new OrderTimeline(TimeProvider.System);
        timeline.Add(Hash32.Zero, "checked");
        for (int i = 0; i < 100; i++)
        {
            timeline.AddReport(Hash32.Zero, $"report {i}");
        }

        var entries = timeline.Merge(Hash32.Zero, []);
        Assert.Equal((65, "checked", "report 99"), (entries.Count, entries[0].Step, entries[^1].Detail));
        timeline.Forget(Hash32.Zero);
        Assert.Empty(timeline.Merge(Hash32.Zero, []));
    }
}
