using System.Text.Json;
using Dweb.Cli.Tests.Running;
using Dweb.Core.Metering;
using Dweb.Core.Placement;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Core.Resources;
using MarketSnapshot = Dweb.Core.Placement.MarketSnapshot;

namespace Dweb.Cli.Tests.Integration;

/// <summary>Quotes as a control plane gives them.</summary>
internal static class Quotes
{
    /// <summary>One COE that asks 40 gwei a mCPU second and 10 a MiB second.</summary>
    public static FakeAnswer Of(FakeRequest request, Hash32 coe)
    {
        if (request.Path != "/api/quotes")
        {
            return new FakeAnswer(404);
        }

        var asked = JsonSerializer.Deserialize(request.Body, DwebJson.Default.QuoteRequest)!;
        var ask = new PriceVector(40_000_000_000, 10_000_000_000, 0, 0, 0);
        var offer = new CoeOffer(coe, "fra", CoeStatus.Active, 0, new ResourceVector(4000, 4096, 10_240, 1000, 1000), ResourceVector.Zero, ask, 1000 * Amount.WeiPerDweb, 0);
        var snapshot = new MarketSnapshot(1, 1, [offer], default, 100, 15);
        var placement = PlacementRequest.ForNewOrder(Hash32.Zero, [.. asked.Services.Select(static s => s.ToMessage())], asked.Duration);
        var quote = QuoteBuilder.Build(snapshot, placement, Placer.Place(snapshot, Liveness.AllBut([]), placement), static _ => 500);
        return new FakeAnswer(200, JsonSerializer.Serialize(quote, DwebJson.Default.QuoteView));
    }
}
