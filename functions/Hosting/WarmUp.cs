using Dweb.Chain.Signing;
using Dweb.Core.Manifest;
using Dweb.Core.Placement;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Resources;
using Dweb.Functions.Activities;
using Dweb.Functions.Indexing;
using Dweb.Functions.Orders;
using Order = Dweb.Core.Protocol.Messages.Order;
using Service = Dweb.Core.Protocol.Messages.Service;

namespace Dweb.Functions.Hosting;

/// <summary>
/// Walks an order's way once before the first one comes, so that nobody's order pays for compilation and first connections. The order is of a
/// wallet made for it, for an image that does not exist: it is refused before anything is stored.
/// </summary>
internal sealed partial class WarmUp(
    OrderIntake intake, ChainContracts contracts, ChainIndexer indexer, Market market, MarketView view, ILogger<WarmUp> logger)
{
    private const int Rounds = 3;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        for (int round = 0; round < Rounds; round++)
        {
            var (request, order) = Create();
            byte[] wire = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(request, DwebJson.Default.SubmitOrderRequest);
            try
            {
                await intake.SubmitAsync(Api.RequestBody.Parse<SubmitOrderRequest>(wire, DwebJson.Default.SubmitOrderRequest), 0, cancellationToken);
            }
            catch (DwebException refused) when (refused.Error == Catalogue.ImageNotMinted)
            {
                Encode(order, request.Signature);
            }
        }

        LogWarm(logger);
    }

    private void Encode(Order order, EvmSignature signature)
    {
        var placement = Placer.Place(view.Snapshot(), view.NotLost(), PlacementRequest.ForNewOrder(Hash32.Zero, order.Services, order.Duration));
        var plan = placement.ToPlan(Hash32.Zero, market.Governed.CommitteeEpoch, indexer.Head.Timestamp);
        _ = OpeningCall.Create(contracts.LeaseBook, order, signature, plan, [signature], admitted: false);
    }

    private (SubmitOrderRequest Request, Order Order) Create()
    {
        var key = PrivateKey.Create();
        var digest = Keccak256.Hash("no image has this digest");
        var spec = new ContainerSpec(
            "warm-up", "warm-up", digest, null, null, new SortedDictionary<string, string>(StringComparer.Ordinal), [], null, RestartPolicy.No, 0);
        var service = new Service(digest, spec.Hash(), 1, new ResourceVector(1, 1, 1, 1, 1), default, 0, 0, Hash32.Zero);
        var order = new Order(key.Address, [service], 1, 60, 60, indexer.Head.Timestamp + 60, 1, 0, 0, 0, EvmAddress.Zero, 0, Hash32.Zero);
        var signature = key.SignDigest(order.Id(contracts.Book));
        var request = new SubmitOrderRequest(
            contracts.Addresses.ChainId, contracts.Addresses.LeaseBook, OrderDocument.From(order),
            [System.Text.Encoding.UTF8.GetString(spec.ToCanonicalJson())], signature, null);
        return (request, order);
    }

    [LoggerMessage(EventId = 6001, Level = LogLevel.Information, Message = "Warm: the way of an order was walked once.")]
    private static partial void LogWarm(ILogger logger);
}
