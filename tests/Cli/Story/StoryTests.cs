using Dweb.Cli.Commands;
using Dweb.Cli.Invocation;
using Dweb.Cli.Story;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;

namespace Dweb.Cli.Tests.Story;

public sealed class StoryTests
{
    [Fact]
    public void Settlements_that_follow_each_other_are_one_line_and_others_keep_their_place()
    {
        var story = StoryDigest.Fold([Line("opened", "web-0"), Paid("web-0", 1), Paid("web-1", 1), Paid("web-0", 2), Line("ending", "web-0"), Paid("web-0", 3)]);

        Assert.Equal(["opened", "settled", "ending", "settled"], story.Select(static line => line.Kind));
        Assert.Equal(
            "2 settlements pay web-0 6 s, host 0.000000000000000002, code 0.000000000000000004, protocol 0.000000000000000006 DWEB; "
            + "web-1 3 s, host 0.000000000000000001, code 0.000000000000000002, protocol 0.000000000000000003 DWEB", story[1].Text);
        Assert.StartsWith("a settlement pays web-0 3 s", story[3].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_control_plane_wrote_down_names_services_and_leaves_its_own_work_out()
    {
        var order = new OrderView(
            Hash32.Zero, "shop", EvmAddress.Zero, OrderStatus.Running, null, null, 1, 2, 0, [],
            [
                new TimelineEntry(1_000, "received", null), new TimelineEntry(1_001, "queued", null),
                new TimelineEntry(1_100, "waiting", "None of 3 COEs can take it: 3 not heard from."),
                new TimelineEntry(1_150, "waiting", "None of 3 COEs can take it: 3 not heard from."), new TimelineEntry(1_200, "placed", "north: the cheapest of 3 that can take it"),
                new TimelineEntry(2_000, "reported", "service 1, replica 0 on north is Running"),
                new TimelineEntry(3_000, "judged", "service 1, replica 0 on north does not serve: http://203.0.113.7:80 gave no answer, asked 4 times"),
                new TimelineEntry(4_000, "upgrade-failed", "replica 0 of service 1 on COE north is Exited; what was moved goes back to the image that was signed"),
                new TimelineEntry(4_100, "put-back", "north: the cheapest of 3 that can take it"),
            ]);

        var lines = ControlPlaneStory.Tell(order, static service => service == 1 ? "db" : "web").Select(EventsCommand.Sentence);

        Assert.Equal(
            [
                "1970-01-01 00:00:01Z  the control plane takes the order", "1970-01-01 00:00:01Z  waiting for a COE: None of 3 COEs can take it: 3 not heard from.",
                "1970-01-01 00:00:01Z  placed on north: the cheapest of 3 that can take it",
                "1970-01-01 00:00:02Z  db-0 on north is Running", "1970-01-01 00:00:03Z  db-0 on north does not serve: http://203.0.113.7:80 gave no answer, asked 4 times",
                "1970-01-01 00:00:04Z  db-0 on COE north is Exited; what was moved goes back to the image that was signed",
                "1970-01-01 00:00:04Z  put back to the image that was signed on north: the cheapest of 3 that can take it",
            ],
            lines);
    }

    [Theory]
    [InlineData("10m", 600)]
    [InlineData("7d", 604_800)]
    [InlineData("m", 0)]
    [InlineData("-1s", 0)]
    [InlineData("10", 0)]
    public void Times_are_read_as_people_write_them(string text, int seconds) =>
        Assert.Equal((seconds > 0, seconds), (DurationText.TryParse(text, out var value), (int)value.TotalSeconds));

    private static StoryLine Line(string kind, string replica) => new(0, "chain", kind, replica, "text");

    private static StoryLine Paid(string replica, int settlement) =>
        new(0, "chain", "settled", replica, "text", 1, Keccak256.Hash($"{settlement}"), new SettledPart(3, 1, 2, 3));
}
