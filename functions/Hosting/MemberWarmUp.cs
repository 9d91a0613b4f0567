using Dweb.Chain.Signing;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Core.Resources;
using Dweb.Functions.Indexing;
using Dweb.Functions.Scheduling.Member;

namespace Dweb.Functions.Hosting;

/// <summary>
/// Walks a plan's way once before the first one comes, so that nobody's order pays for compilation. The plan is for an order of a wallet made for it, on
/// a COE that does not exist: it is refused.
/// </summary>
internal sealed partial class MemberWarmUp(SigningDesk desk, ChainContracts contracts, MarketHistory history, ILogger<MemberWarmUp> logger)
{
    private const int Rounds = 3;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        for (int round = 0; round < Rounds; round++)
        {
            byte[] wire = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(Create(), DwebJson.Default.CommitteeRequest);
            try
            {
                await desk.SignAsync(Api.RequestBody.Parse(wire, DwebJson.Default.CommitteeRequest), cancellationToken);
            }
            catch (DwebException refused) when (refused.Error == Catalogue.MemberRefused)
            {
                LogWarm(logger, round + 1);
            }
        }
    }

    private PlanRequest Create()
    {
        var key = PrivateKey.Create();
        var at = history.Newest;
        var service = new Service(Keccak256.Hash("no image has this digest"), Hash32.Zero, 1, new ResourceVector(1, 1, 1, 1, 1), default, 0, 0, Hash32.Zero);
        var order = new Order(key.Address, [service], 1, 60, 60, at.Timestamp + 60, 1, 0, 0, 0, EvmAddress.Zero, 0, Hash32.Zero);
        var id = order.Id(contracts.Book);
        var plan = new Plan(id, [new PlanEntry(0, 0, 0, Hash32.Zero, 1)], at.Governed.CommitteeEpoch, at.Timestamp + 1);
        return new PlanRequest(plan, new PlacementEvidence(at.Block, [], [], new OrderEvidence(OrderDocument.From(order), key.SignDigest(id))));
    }

    [LoggerMessage(EventId = 7103, Level = LogLevel.Information, Message = "Warm: the way of a plan was walked, round {Round}.")]
    private static partial void LogWarm(ILogger logger, int round);
}
