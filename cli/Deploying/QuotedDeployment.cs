using System.Numerics;
using Dweb.Cli.ControlPlane;
using Dweb.Cli.Deploying.Secrets;
using Dweb.Cli.Onchain;
using Dweb.Core.Manifest;
using Dweb.Core.Manifest.Secrets;
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

    /// <summary>COEs that secrets can be sealed for; none where the deployment has no secrets.</summary>
    public SecretHosts SecretHosts { get; init; } = SecretHosts.None;

    /// <summary>Those that the secrets of a service are sealed for, by its name.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<SecretCandidate>> Hosts { get; init; } = new Dictionary<string, IReadOnlyList<SecretCandidate>>(StringComparer.Ordinal);

    /// <param name="user">Zero when nobody is named: a quote is for anybody.</param>
    public static async Task<QuotedDeployment> AskAsync(
        ComposeSource source, EvmAddress user, DwebChain chain, ControlPlaneClient api, CancellationToken cancellationToken)
    {
        var deployment = source.Deployment;
        var images = new Dictionary<string, MintedImage>(StringComparer.Ordinal);
        var names = new ImageNames(chain);
        foreach (var service in deployment.Services)
        {
            images[service.Name] = await names.ResolveAsync(service.Image, user, cancellationToken);
        }

        uint grace = (await chain.Book.ParamsAsync(cancellationToken: cancellationToken)).Grace;
        var input = Input(user, images, Ceilings.Unlimited, now: 0, Hash32.Zero, grace) with { MaxTotal = UInt128.MaxValue };
        var services = OrderBuilder.Build(deployment, input).Order.Services;
        ServicePlan[] secretive = [.. deployment.Services.Where(static service => service.Secrets.Count > 0)];
        var candidates = secretive.Length == 0 ? SecretHosts.None : await SecretHosts.FindAsync(chain, api, source.SecretHosts, cancellationToken);
        var hosts = secretive.ToDictionary(static service => service.Name, candidates.For, StringComparer.Ordinal);
        var quote = await api.PostAsync(
            "/api/quotes", new QuoteRequest([.. services.Select(ServiceDocument.From)], deployment.Duration) { Confined = ConfinedTo(hosts, deployment) },
            DwebJson.Default.QuoteRequest, DwebJson.Default.QuoteView, cancellationToken);
        return new QuotedDeployment(deployment, images, quote, await CeilingAsync(chain, quote, cancellationToken), grace) { SecretHosts = candidates, Hosts = hosts };
    }

    /// <summary>The order to sign. Its cap is the quote's total and reserve with the margin, or the dearest that the ceilings allow if that is less.</summary>
    /// <param name="now">Unix time in seconds, the chain's.</param>
    /// <param name="secrets">Sealed, by the service's name.</param>
    public BuiltOrder ToOrder(EvmAddress user, ulong now, ulong epoch, Hash32 salt, IReadOnlyDictionary<string, SecretsSpec> secrets)
    {
        var input = Input(user, Images, Ceiling, now, salt, Grace) with { UserEpoch = epoch, Secrets = secrets };
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

    private static List<ServiceCoes>? ConfinedTo(Dictionary<string, IReadOnlyList<SecretCandidate>> hosts, Deployment deployment) => hosts.Count == 0 ? null :
    [
        .. deployment.Services.Index().Where(pair => hosts.ContainsKey(pair.Item.Name))
            .Select(pair => new ServiceCoes((ushort)pair.Index, [.. hosts[pair.Item.Name].Select(static host => host.Host.Coe).Order()])),
    ];

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
