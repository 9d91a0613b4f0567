using Dweb.Cli.Onchain;
using Dweb.Core.Protocol;

namespace Dweb.Cli.Tests.Onchain;

public sealed class RoyaltyGraphTests
{
    private static readonly Hash32 Library = Keccak256.Hash("library");
    private static readonly Hash32 Server = Keccak256.Hash("server");
    private static readonly Hash32 Image = Keccak256.Hash("image");
    private static readonly Hash32 Other = Keccak256.Hash("other");

    private static readonly RoyaltyGraph Graph = new(
    [
        new(Library, EvmAddress.Zero, 1, 1, []),
        new(Other, EvmAddress.Zero, 1, 1, []),
        new(Server, EvmAddress.Zero, 1, 2, [Other, Library]),
        new(Image, EvmAddress.Zero, 0, 3, [Server, Other]),
    ]);

    [Fact]
    public void Money_is_pulled_from_the_image_down_to_the_library_and_nowhere_else() => Assert.Equal(
        [new RoyaltyPull(Image, 0), new RoyaltyPull(Server, 1), new RoyaltyPull(Library, 0)],
        Graph.PullsTowards(new HashSet<Hash32> { Library }));

    [Fact]
    public void For_everybody_each_edge_is_pulled_once_after_what_pays_it()
    {
        var pulls = Graph.PullsTowards(new HashSet<Hash32> { Library, Other, Server, Image });

        Assert.Equal(
            [new RoyaltyPull(Image, 0), new RoyaltyPull(Image, 1), new RoyaltyPull(Server, 0), new RoyaltyPull(Server, 1), new RoyaltyPull(Server, 2)],
            pulls.Take(5));
        Assert.Equal(7, pulls.Distinct().Count());
    }

    [Fact]
    public void A_node_that_names_nobody_is_pulled_to_the_commons() => Assert.Equal(
        [new RoyaltyPull(Other, 0)], new RoyaltyGraph([new(Other, EvmAddress.Zero, 0, 1, [])]).PullsTowards(new HashSet<Hash32> { Other }));

    [Fact]
    public void Who_has_nothing_in_the_graph_pulls_nothing() => Assert.Empty(Graph.PullsTowards(new HashSet<Hash32>()));
}
