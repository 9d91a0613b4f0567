using Dweb.Chain.Contracts;
using Dweb.Core.Protocol;

namespace Dweb.Cli.Onchain;

/// <param name="Rank">1 for a node without edges to others; more than every node its edges lead to.</param>
internal sealed record RoyaltyNode(Hash32 Id, EvmAddress Registry, ushort SelfWeight, byte Rank, IReadOnlyList<Hash32> Targets);

/// <summary>An edge to pull, in an order in which money that arrives is passed on.</summary>
/// <param name="Index">The edge's number; one more than the last target for the node's own account.</param>
internal sealed record RoyaltyPull(Hash32 Node, int Index);

/// <summary>The graph along which royalties flow from images to the code inside.</summary>
internal sealed record RoyaltyGraph(IReadOnlyList<RoyaltyNode> Nodes)
{
    /// <summary>Account of what nobody in particular earned; it is paid to the treasury.</summary>
    public static Hash32 Commons => Hash32.Zero;

    public static async Task<RoyaltyGraph> ReadAsync(DwebChain chain, CancellationToken cancellationToken)
    {
        var logs = await ChainEvents.ReadAsync(
            chain.Client, [chain.Addresses.RoyaltyPool], [[RoyaltyPool.Events.NodeDefined.Topic]], chain.Addresses.Block, null, cancellationToken);
        var nodes = new List<RoyaltyNode>();
        foreach (var log in logs)
        {
            if (RoyaltyPool.Events.NodeDefined.TryDecode(log, out var node))
            {
                nodes.Add(new RoyaltyNode(node.Node, node.Registry, node.SelfWeight, node.Rank, [.. node.Edges.Select(static edge => edge.Node)]));
            }
        }

        return new RoyaltyGraph(nodes);
    }

    /// <summary>Every edge that brings money towards these nodes, then their own: those furthest from the code first.</summary>
    public IReadOnlyList<RoyaltyPull> PullsTowards(IReadOnlySet<Hash32> wanted)
    {
        // Ranks fall along edges, so going up by rank meets every target before the nodes that pay it.
        var leading = new HashSet<Hash32>(wanted);
        foreach (var node in Nodes.OrderBy(static node => node.Rank))
        {
            if (node.Targets.Any(leading.Contains))
            {
                leading.Add(node.Id);
            }
        }

        var pulls = new List<RoyaltyPull>();
        foreach (var node in Nodes.OrderByDescending(static node => node.Rank).Where(node => leading.Contains(node.Id)))
        {
            pulls.AddRange(node.Targets.Index().Where(edge => leading.Contains(edge.Item)).Select(edge => new RoyaltyPull(node.Id, edge.Index)));
            // A node with neither edges nor a weight of its own has one edge, to the commons.
            if ((node.SelfWeight > 0 || node.Targets.Count == 0) && wanted.Contains(node.Id))
            {
                pulls.Add(new RoyaltyPull(node.Id, node.Targets.Count));
            }
        }

        return pulls;
    }
}
