using System.Numerics;
using Dweb.Cli.ControlPlane;
using Dweb.Cli.Onchain;
using Dweb.Core.Manifest;
using Dweb.Core.Metering;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Resources;

namespace Dweb.Cli.Deploying;

/// <summary>A deployment with its images found and its price asked for.</summary>
/// <param name="Images">By the service's name.</param>
/// <param name="Grace">Seconds for which the lease book reserves the rent of storage.</param>
/// <param name="Ceiling">For prices that the file does not limit: the quoted COEs' asks, read from the chain, and 20 %.</param>
internal sealed record QuotedDeployment(Deployment Deployment, IReadOnlyDictionary<string, MintedImage> Images, QuoteView Quote, PriceVector Ceiling, uint Grace)
{
    /// <summary>Basis points by which ceilings and the cap of an order exceed its quote, so that a small move of an ask strands nobody.</summary>
    public const uint MarginBps = 2_000;

    /// <param name="user">Zero when nobody is named: a quote is for anybody.</param>
    public static async Task<QuotedDeployment> AskAsync(
        Deployment deployment, EvmAddress user, DwebChain chain, ControlPlaneClient api, CancellationToken cancellationToken)
    {
        var images = new Dictionary<string, MintedImage>(StringComparer.Ordinal);
        var names = new ImageNames(chain);
        foreach (var service in deployment.Services)
        {
            images[service.Name] = await names.ResolveAsync(service.Image, user, cancellationToken);
        }

        uint grace = (await chain.Book.ParamsAsync(cancellationToken: cancellationToken)).Grace;
        var input = Input(user, images, Ceilings.Unlimited, now: 0, Hash32.Zero, grace) with { MaxTotal = UInt128.MaxValue };
        var services = OrderBuilder.Build(deployment, input).Order.Services;
        var quote = await api.PostAsync(
            "/api/quotes", new QuoteRequest([.. services.Select(ServiceDocument.From)], deployment.Duration),
            DwebJson.Default.QuoteRequest, DwebJson.Default.QuoteView, cancellationToken);
        return new QuotedDeployment(deployment, images, quote, await CeilingAsync(chain, quote, cancellationToken), grace);
    }

    /// <summary>The order to sign. Its cap is the quote's total and reserve with the margin, or the dearest that the ceilings allow if that is less.</summary>
    /// <param name="now">Unix time in seconds, the chain's.</param>
    public BuiltOrder ToOrder(EvmAddress user, ulong now, ulong epoch, Hash32 salt)
    {
        var input = Input(user, Images, Ceiling, now, salt, Grace) with { UserEpoch = epoch };
        var open = OrderBuilder.Build(Deployment, input);
        var dearest = OrderCost.Max(open.Order.Services, Deployment.Duration, Deployment.MaxRoyaltyBps, Deployment.MaxFeeBps, Grace);
        var quoted = (((Quote.Total + Quote.Reserve) * (10_000 + MarginBps)) + 9_999) / 10_000;
        return OrderBuilder.Build(Deployment, input with { MaxTotal = (UInt128)BigInteger.Min(dearest, quoted) });
    }

    private static OrderInput Input(EvmAddress user, IReadOnlyDictionary<string, MintedImage> images, PriceVector ceiling, ulong now, Hash32 salt, uint grace) => new()
    {
        User = user,
        Images = images.ToDictionary(static pair => pair.Key, static pair => pair.Value.Digest, StringComparer.Ordinal),
        DefaultCeiling = ceiling,
        Now = now,
        Salt = salt,
        Grace = grace,
    };

    /// <summary>The control plane says which COEs; what they ask is the chain's word.</summary>
    private static async Task<PriceVector> CeilingAsync(DwebChain chain, QuoteView quote, CancellationToken cancellationToken)
    {
        var asks = new List<PriceVector>();
        foreach (var coe in quote.Replicas.Select(static replica => replica.Coe).Distinct())
        {
            asks.Add(PriceVector.FromList((await chain.Coes.CoeOfAsync(coe, cancellationToken: cancellationToken)).Ask));
        }

        var reference = PriceVector.FromList((await chain.Settings.TariffAsync(cancellationToken: cancellationToken)).ReferencePrices);
        return Ceilings.From(asks, reference, MarginBps);
    }
}
