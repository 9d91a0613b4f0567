using Dweb.Cli.Commands;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;

namespace Dweb.Cli.Tests.Commands;

public sealed class QuoteTablesTests
{
    private static readonly Hash32 North = Keccak256.Hash("north");

    [Fact]
    public void A_month_is_told_by_resource_and_by_who_gets_it()
    {
        var rows = Rows(new QuoteResult("shop", 600, [new QuotedImage("web", "page", "sha256:1", EvmAddress.Zero)], [Replica(North, 3)], 22, 57_025_000, 14_300, 0, [], []));

        // Host, code, protocol, and their sum; the allowance of transfer is the same whatever the time.
        Assert.Contains("web-0|CPU|250 mCPU|0.00000000002592|0.000000000005184|0.000000000002592|0.000000000033696", rows, StringComparison.Ordinal);
        Assert.Contains("|transfer|2 GiB|0.0000000000000005|0.0000000000000003|0.0000000000000002|0.000000000000001", rows, StringComparison.Ordinal);
        Assert.DoesNotContain("storage", rows, StringComparison.Ordinal);
    }

    [Fact]
    public void The_choice_says_what_the_cheapest_would_save()
    {
        Assert.Equal("the only one of 5 that can take it", QuoteTables.Choice(Replica(North, 1)));
        Assert.Equal("the cheapest of 3 that can take it", QuoteTables.Choice(Replica(North, 3)));
        Assert.EndsWith("south is the cheapest, 0.0000000000000001 DWEB less in all", QuoteTables.Choice(Replica(Keccak256.Hash("south"), 3)), StringComparison.Ordinal);
    }

    [Fact]
    public void What_could_not_be_placed_says_why()
    {
        var rows = Rows(new QuoteResult(
            "shop", 600, [new QuotedImage("web", "page", "sha256:1", EvmAddress.Zero)], [], 0, 0, 0, 0, [], [new QuoteProblem(0, 1, "no-capacity", "None of 2 COEs can take it.")]));

        Assert.Contains("web-1|None of 2 COEs can take it.", rows, StringComparison.Ordinal);
    }

    private static QuotedReplica Replica(Hash32 cheapest, int able) => new(
        0, 0, North, "north", "eu-central", 1, 1, 500, 100, 10, 2, 1, 1_000, 0,
        [new QuotedResource("cpu", 250, 1, 10, 2, 1), new QuotedResource("storage", 0, 1, 0, 0, 0), new QuotedResource("transfer", 2, 1, 500, 300, 200)],
        5, able, new QuotedOffer(cheapest, cheapest == North ? "north" : "south", cheapest == North ? 1_000 : 900));

    private static string Rows(QuoteResult view)
    {
        var text = new List<string>();
        QuoteTables.Print(view, (columns, rows) => text.AddRange(rows.Select(static row => string.Join('|', row))));
        return string.Join('\n', text);
    }
}
