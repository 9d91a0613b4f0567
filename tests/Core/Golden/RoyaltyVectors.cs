using System.Numerics;
using System.Text.Json;
using Dweb.Core.Metering;
using Dweb.Core.Protocol;

namespace Dweb.Core.Tests.Golden;

public sealed class RoyaltyVectors
{
    [Fact]
    public void A_total_divides_by_weights_as_the_vectors_say() => Assert.All(Vectors.Read("shares"), static v =>
        Assert.Equal(v.Integers("shares"), RoyaltySplit.Shares(v.Integer("total"), [.. v.Integers("weights").Select(static w => (ushort)w)])));

    [Fact]
    public void Royalties_run_down_a_graph_to_the_accounts_of_the_vectors() => Assert.All(Vectors.Read("royalties"), static v =>
    {
        JsonElement[] nodes = [.. v.GetProperty("nodes").EnumerateArray()];
        var place = nodes.Select(static (node, at) => (Id: node.Hash("id"), at)).ToDictionary(static x => x.Id, static x => x.at);
        var received = new BigInteger[nodes.Length];
        var accounts = new BigInteger[nodes.Length];
        var commons = BigInteger.Zero;
        foreach (var receipt in v.GetProperty("receipts").EnumerateArray())
        {
            received[place[receipt.Hash("node")]] += receipt.Integer("amount");
        }

        // Edges lead to older nodes only, so from the youngest on every node has all that it will get.
        for (int at = nodes.Length - 1; at >= 0; at--)
        {
            var (targets, weights) = EdgesOf(nodes[at]);
            if (weights.Count == 0)
            {
                commons += received[at];
                continue;
            }

            var shares = RoyaltySplit.Shares(received[at], weights);
            for (int edge = 0; edge < shares.Count; edge++)
            {
                if (edge < targets.Count)
                {
                    received[place[targets[edge]]] += shares[edge];
                }
                else
                {
                    accounts[at] += shares[edge];
                }
            }
        }

        Assert.Equal(v.Integers("received"), received);
        Assert.Equal(v.Integers("accounts"), accounts);
        Assert.Equal(v.Integer("commons"), commons);
    });

    private static (IReadOnlyList<Hash32> Targets, IReadOnlyList<ushort> Weights) EdgesOf(JsonElement node)
    {
        JsonElement[] edges = [.. node.GetProperty("edges").EnumerateArray()];
        ushort self = (ushort)node.Number("selfWeight");
        ushort[] weights = [.. edges.Select(static edge => (ushort)edge.Number("weight")), .. self > 0 ? new[] { self } : []];
        return ([.. edges.Select(static edge => edge.Hash("node"))], weights);
    }
}
