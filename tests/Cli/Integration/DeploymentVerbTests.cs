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

/// <summary>What a user sees of a deployment before it is signed: on a real chain, with a control plane that answers what the test gives it.</summary>
[Trait("Category", "Integration")]
public sealed class DeploymentVerbTests(LocalChain chain) : IClassFixture<LocalChain>
{
    private const string Compose =
        "name: shop\nservices:\n  web:\n    image: page\n    deploy:\n      resources:\n        limits:\n          cpus: \"0.25\"\n          memory: 64m\nx-dweb:\n  duration: 10m\n  prepay: 5m\n";

    [Fact]
    public async Task Nothing_is_signed_before_it_was_shown()
    {
        var coe = Hash32.Zero;
        using var plane = new FakeControlPlane(request => Quote(request, coe));
        using var cli = new CliProgram();
        var town = new Town(chain, cli);
        await town.SettleInAsync(new Uri("http://127.0.0.1:9"), "alice", "dave", "host");
        coe = await town.RegisterAsync("host");
        await town.MintAsync("dave", "page", Keccak256.Hash("page"));
        cli.Configure(plane.Address, chain.Endpoint.ToString(), null, Path.Combine(cli.Folder, "deployment.json"));
        cli.Write("shop.yaml", Compose);

        var tried = await town.DoAsync("alice", "deploy", "shop.yaml", "--dry-run");
        var poor = await cli.RunAsync(false, "deploy", "shop.yaml", "--dry-run", "--wallet", "alice");
        await town.RefusedAsync("alice", "insufficient-balance", "deploy", "shop.yaml");
        var unasked = await cli.RunAsync("deploy", "shop.yaml", "--wallet", "alice");
        var quote = await town.DoAsync("alice", "quote", "shop.yaml");

        Assert.Equal((1, "web", JsonValueKind.Null), (tried.GetProperty("services").GetArrayLength(), tried.GetProperty("services")[0].GetProperty("service").GetString(), tried.GetProperty("existing").ValueKind));
        Assert.Equal("0", tried.GetProperty("free").GetString());
        Assert.Equal(tried.GetProperty("quote").GetRawText(), quote.GetRawText());
        Assert.Equal(0, poor.ExitCode);
        Assert.Contains("more have to be free in escrow", poor.Output, StringComparison.Ordinal);
        Assert.Equal((2, ""), (unasked.ExitCode, unasked.Output));
        Assert.Equal("error: Nothing was signed: there is no terminal to ask at.", unasked.Errors.Split('\n')[0]);
        Assert.DoesNotContain(plane.Requests, static request => request.Path == "/api/orders");
    }

    /// <summary>One COE that asks 40 gwei a mCPU second and 10 a MiB second.</summary>
    private static FakeAnswer Quote(FakeRequest request, Hash32 coe)
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
