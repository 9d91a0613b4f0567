using Dweb.Core.Metering;
using Dweb.Core.Placement;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Resources;
using Dweb.Functions.Coes;
using Dweb.Functions.Indexing;
using Dweb.Functions.Orders;
using Dweb.Functions.Stores;

namespace Dweb.Functions.Api;

/// <summary>The market, open to everybody: COEs, images, code, quotes, settlements, specs.</summary>
internal static class MarketApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/coes", (Market market, ChainIndexer indexer, Heartbeats heartbeats, SealingKeys sealing) =>
            {
                IReadOnlyList<CoeView> list = [.. market.Coes.Values.OrderBy(static c => c.Name, StringComparer.Ordinal).Select(coe => Describe(coe, indexer.Head.Timestamp, heartbeats, sealing))];
                return Answer.Json(list, DwebJson.Default.IReadOnlyListCoeView);
            })
            .Produces<IReadOnlyList<CoeView>>()
            .WithSummary("Every registered COE.");

        api.MapGet("/coes/{id}", (string id, Market market, ChainIndexer indexer, Heartbeats heartbeats, SealingKeys sealing) =>
            Hash32.TryParse(id, out var hash) && market.Coes.TryGetValue(hash, out var coe)
                ? Answer.Json(Describe(coe, indexer.Head.Timestamp, heartbeats, sealing), DwebJson.Default.CoeView)
                : throw new DwebException(Catalogue.CoeUnknown, $"There is no COE '{id}'.", "id"))
            .Produces<CoeView>()
            .WithSummary("One COE.");

        api.MapGet("/images", async (Market market, ChainContracts contracts, CancellationToken cancellationToken) =>
            {
                IReadOnlyList<ImageView> list = await Task.WhenAll(market.Images.Values
                    .OrderBy(static image => image.Name, StringComparer.Ordinal)
                    .Select(async image =>
                    {
                        var now = await contracts.ContainerRegistry.ImageOfAsync(image.ManifestDigest, cancellationToken: cancellationToken);
                        return new ImageView(
                            image.ManifestDigest, image.Name, image.Publisher, image.RoyaltyBps, image.ComponentsHash, image.Node, now.Revoked, now.Malicious);
                    }));
                return Answer.Json(list, DwebJson.Default.IReadOnlyListImageView);
            })
            .Produces<IReadOnlyList<ImageView>>()
            .WithSummary("Every image with an NFT.");

        api.MapGet("/code", (Market market) =>
            {
                var releases = market.Releases.Values.ToLookup(static release => release.Repository);
                IReadOnlyList<RepositoryView> list = [.. market.Repositories.Values.OrderBy(static r => r.Name, StringComparer.Ordinal).Select(repository => new RepositoryView(
                    repository.Repository, repository.Name, repository.Owner, repository.Payee,
                    [.. releases[repository.Repository].OrderBy(static r => r.Version, StringComparer.Ordinal).Select(static release => new ReleaseView(
                        release.ReleaseId, release.Version, release.SourceDigest, release.Uri, release.License, release.Signer))]))];
                return Answer.Json(list, DwebJson.Default.IReadOnlyListRepositoryView);
            })
            .Produces<IReadOnlyList<RepositoryView>>()
            .WithSummary("Every repository with an NFT, and its releases.");

        api.MapPost("/quotes", async (HttpContext context, MarketView view, CancellationToken cancellationToken) =>
            {
                var request = await RequestBody.ReadAsync(context.Request, DwebJson.Default.QuoteRequest, RequestBody.Ordinary, cancellationToken);
                var services = OrderChecks.ReadServices(request.Services, "services");
                var snapshot = view.Snapshot();
                var placement = PlacementRequest.ForNewOrder(Hash32.Zero, services, request.Duration) with { Confined = Confinement.Of(request.Confined ?? []) };
                var quote = QuoteBuilder.Build(snapshot, placement, Placer.Place(snapshot, view.NotLost(), placement), view.RoyaltyOf);
                return Answer.Json(quote, DwebJson.Default.QuoteView);
            })
            .Accepts<QuoteRequest>("application/json")
            .Produces<QuoteView>()
            .WithSummary("What services would cost now, and where they would run. Nothing is signed and nothing is held.");

        api.MapGet("/settlements", async (SettlementStore settlements, CancellationToken cancellationToken) =>
                Answer.Json(await settlements.ListAsync(cancellationToken), DwebJson.Default.IReadOnlyListSettlementView))
            .Produces<IReadOnlyList<SettlementView>>()
            .WithSummary("Settlements as the chain confirmed them.");

        api.MapGet("/settlements/quarantine", async (QuarantineStore quarantine, Market market, CancellationToken cancellationToken) =>
            {
                IReadOnlyList<QuarantineView> list = [.. (await quarantine.ListAsync(cancellationToken)).Select(row => new QuarantineView(
                    row.Coe, market.NameOfCoe(row.Coe), row.Reason, row.Tries, row.SinceMs, row.UntilMs))];
                return Answer.Json(list, DwebJson.Default.IReadOnlyListQuarantineView);
            })
            .Produces<IReadOnlyList<QuarantineView>>()
            .WithSummary("COEs whose usage the chain refuses, and why.");

        api.MapGet("/specs/{hash}", async (string hash, SpecStore specs, CancellationToken cancellationToken) =>
                Hash32.TryParse(hash, out var id) && await specs.FindAsync(id, cancellationToken) is { } spec
                    ? Answer.RawJson(spec)
                    : throw new DwebException(Catalogue.NotFound, $"There is no spec '{hash}' here.", "hash"))
            .WithSummary("A canonical spec by its hash.");
    }

    private static CoeView Describe(CoeRecord coe, ulong now, Heartbeats heartbeats, SealingKeys sealing) => new(
        coe.Coe, coe.Name, coe.Host, coe.Agent, coe.Status.ToString(), Region.NameOf(coe.Region), coe.Capacity, coe.Assigned, coe.AskAt(now), coe.Stake, coe.Locked,
        coe.Endpoint, heartbeats.IsLive(coe.Coe), heartbeats.LastHeardMs(coe.Coe)) { Sealing = sealing.Find(coe.Coe) };
}
