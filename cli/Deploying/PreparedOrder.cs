using System.Numerics;
using Dweb.Chain.Rpc;
using Dweb.Cli.ControlPlane;
using Dweb.Cli.Deploying.Secrets;
using Dweb.Cli.Onchain;
using Dweb.Core.Manifest;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Cli.Deploying;

/// <summary>All that is known of an order before it is signed.</summary>
/// <param name="Opening">Wei that opening its leases takes from the free balance.</param>
/// <param name="Free">Wei in escrow that no lease holds.</param>
internal sealed record PreparedOrder(QuotedDeployment Quoted, BuiltOrder Built, SealedServices Secrets, BigInteger Opening, BigInteger Free)
{
    /// <exception cref="DwebException">It cannot be placed now, or costs more than the file allows.</exception>
    public static async Task<PreparedOrder> MakeAsync(
        ComposeSource source, EvmAddress user, Hash32 salt, DwebChain chain, ControlPlaneClient api, CancellationToken cancellationToken)
    {
        var quoted = await QuotedDeployment.AskAsync(source, user, chain, api, cancellationToken);
        if (quoted.Quote.Problems.Count > 0)
        {
            throw new DwebException(Catalogue.NoCapacity, string.Join(" ", quoted.Quote.Problems.Select(static problem => problem.Message).Distinct()));
        }

        var head = await chain.Client.GetBlockAsync(BlockTag.Latest, cancellationToken) ?? throw new DwebException(Catalogue.NodeRefused, "The node has no head.");
        ulong epoch = await chain.Book.EpochOfAsync(user, cancellationToken: cancellationToken);
        var secrets = SealedServices.Seal(source.Deployment, source.Secrets, quoted.Hosts);
        var built = quoted.ToOrder(user, head.Timestamp, epoch, salt, secrets.Specs);
        var needed = quoted.Quote.Total + quoted.Quote.Reserve;
        if (built.Order.MaxTotal < needed)
        {
            throw new DwebException(
                Catalogue.InvalidValue, $"The file allows {Amount.FormatGrouped(built.Order.MaxTotal)} DWEB; the quote is {Amount.FormatGrouped(needed)}.", "max-total");
        }

        var free = await chain.Book.FreeOfAsync(user, cancellationToken: cancellationToken);
        return new PreparedOrder(quoted, built, secrets, OpeningOf(quoted), free);
    }

    /// <exception cref="DwebException">The free balance does not cover the opening.</exception>
    public void RequireFunds()
    {
        if (Free < Opening)
        {
            throw new DwebException(
                Catalogue.InsufficientBalance,
                $"Opening takes {Amount.FormatGrouped(Opening)} DWEB; {Amount.FormatGrouped(Free)} are free in escrow, {Amount.FormatGrouped(Opening - Free)} too few.");
        }
    }

    /// <summary>What is prepaid, the allowance of data transfer, and what is held for storage.</summary>
    private static BigInteger OpeningOf(QuotedDeployment quoted)
    {
        var transfer = quoted.Quote.Replicas.SelectMany(static r => r.Resources).Where(static r => r.Resource == "transfer")
            .Aggregate(BigInteger.Zero, static (sum, r) => sum + r.Host + r.Royalty + r.Fee);
        return (quoted.Quote.PerSecond * Math.Min(quoted.Deployment.Prepay, quoted.Deployment.Duration)) + transfer + quoted.Quote.Reserve;
    }
}
