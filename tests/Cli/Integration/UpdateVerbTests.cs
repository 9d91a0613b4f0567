using System.Text.Json;
using Dweb.Chain.Rpc;
using Dweb.Cli.Tests.Running;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;

namespace Dweb.Cli.Tests.Integration;

/// <summary>What an update may end; that it replaces is shown with real containers in the end-to-end tests.</summary>
[Trait("Category", "Integration")]
public sealed class UpdateVerbTests(LocalChain chain) : IClassFixture<LocalChain>
{
    [Fact]
    public async Task An_update_to_what_runs_already_ends_nothing_however_it_stands()
    {
        var coe = Hash32.Zero;
        OrderView? order = null;
        using var plane = new FakeControlPlane(request =>
        {
            if (request is { Method: "POST", Path: "/api/orders" })
            {
                var posted = JsonSerializer.Deserialize(request.Body, DwebJson.Default.SubmitOrderRequest)!;
                var hash = posted.Order.ToMessage().Id(new TypedDataDomain(LocalChain.ChainId, chain.Book.Address));
                order = new OrderView(hash, "shop", posted.Order.User, OrderStatus.Degraded, null, null, 0, 1, posted.Order.MaxTotal, [], []);
                return new FakeAnswer(202, JsonSerializer.Serialize(order, DwebJson.Default.OrderView));
            }

            return request.Path switch
            {
                "/api/quotes" => Quotes.Of(request, coe),
                "/api/orders" => new FakeAnswer(200, JsonSerializer.Serialize([order!], DwebJson.Default.IReadOnlyListOrderView)),
                _ => new FakeAnswer(200, JsonSerializer.Serialize(order!, DwebJson.Default.OrderView)),
            };
        });
        using var cli = new CliProgram();
        var town = new Town(chain, cli);
        await town.SettleInAsync(new Uri("http://127.0.0.1:9"), "alice", "dave", "host");
        coe = await town.RegisterAsync("host");
        await town.MintAsync("dave", "page", Keccak256.Hash("page"));
        cli.Configure(plane.Address, chain.Endpoint.ToString(), null, Path.Combine(cli.Folder, "deployment.json"));
        cli.Write("shop.yaml", DeploymentVerbTests.Compose);
        await town.DoAsync("alice", "deposit", "50");
        await town.DoAsync("alice", "deploy", "shop.yaml");
        ulong sent = await chain.Client.GetTransactionCountAsync(town["alice"], BlockTag.Latest, TestContext.Current.CancellationToken);

        var same = await town.DoAsync("alice", "update", "shop.yaml", "--timeout", "1s");

        Assert.Equal(("Degraded", 0), (same.GetProperty("deployed").GetProperty("status").GetString(), same.GetProperty("replaced").GetArrayLength()));
        Assert.Equal(sent, await chain.Client.GetTransactionCountAsync(town["alice"], BlockTag.Latest, TestContext.Current.CancellationToken));
    }
}
