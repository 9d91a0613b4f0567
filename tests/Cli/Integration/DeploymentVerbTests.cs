using System.Text.Json;
using Dweb.Cli.Tests.Running;
using Dweb.Core.Metering;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Cli.Tests.Integration;

/// <summary>What a user sees of a deployment before it is signed: on a real chain, with a control plane that answers what the test gives it.</summary>
[Trait("Category", "Integration")]
public sealed class DeploymentVerbTests(LocalChain chain) : IClassFixture<LocalChain>
{
    internal const string Compose =
        "name: shop\nservices:\n  web:\n    image: page\n    deploy:\n      resources:\n        limits:\n          cpus: \"0.25\"\n          memory: 64m\nx-dweb:\n  duration: 10m\n  prepay: 5m\n";

    [Fact]
    public async Task Nothing_is_signed_before_it_was_shown()
    {
        var coe = Hash32.Zero;
        using var plane = new FakeControlPlane(request => Quotes.Of(request, coe));
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

    [Fact]
    public async Task A_deployment_is_told_counted_topped_up_and_cancelled()
    {
        OrderView? order = null;
        var usage = new LeaseUsageView(Hash32.Zero, 0, UsageMerge.Empty, UsageMerge.Empty);
        using var plane = new FakeControlPlane(request => Answer(request, order!, usage));
        using var cli = new CliProgram();
        var town = new Town(chain, cli);
        await town.SettleInAsync(new Uri("http://127.0.0.1:9"), "alice", "dave", "host");
        cli.Configure(plane.Address, chain.Endpoint.ToString(), null, Path.Combine(cli.Folder, "deployment.json"));
        await town.MintAsync("dave", "told", Keccak256.Hash("told"));
        var coe = await town.RegisterAsync("host");
        await town.DoAsync("alice", "deposit", "1");
        var key = await town.OpenAsync(await town.KeyAsync("alice"), coe, Keccak256.Hash("told"));
        var lease = key.Id(new TypedDataDomain(LocalChain.ChainId, chain.Book.Address));
        order = ViewOf(key, lease, town["alice"]);
        await chain.PassAsync(40);
        await town.SettleAsync(key, 20);
        usage = new LeaseUsageView(lease, (await HeadAsync()), new UsageCounters(30, 3_000, 2_000, 0, 0, 0), UsageMerge.Empty, new UsageSample(await HeadAsync() - 10, new UsageCounters(20, 1_000, 1_000, 0, 0, 0)));

        var counted = (await town.DoAsync("alice", "usage", "shop"))[0];
        var stats = (await town.DoAsync("alice", "stats", "shop"))[0];
        var inspected = await town.DoAsync("alice", "inspect", "shop");
        var topped = await town.DoAsync("alice", "topup", "shop", "0.001");
        var deposited = await town.DoAsync("alice", "topup", "shop", "0.002");
        string tooMuch = await town.RefusedAsync("alice", "invalid-value", "topup", "shop", "1");
        string tooLittle = await town.RefusedAsync("alice", "invalid-value", "topup", "shop", "1wei");
        await town.RefusedAsync("alice", "not-found", "topup", "nothing", "1");
        await town.DoAsync("alice", "lease", "park", lease.ToString());
        await town.DoAsync("alice", "withdraw");
        var resumed = await town.DoAsync("alice", "topup", "shop", "0.001");
        await town.DoAsync("alice", "order", "cancel", "shop");
        await town.RefusedAsync("alice", "order-cancelled", "order", "cancel", "shop");
        var story = await cli.RunAsync("events", "shop", "--wallet", "alice");
        var recent = await town.DoAsync("alice", "events", "shop", "--since", "1s");

        // A second costs the host's rate, and royalty and fee on top.
        var account = await chain.Book.LeaseOfAsync(lease, cancellationToken: TestContext.Current.CancellationToken);
        var second = Wei(counted.GetProperty("paid"), "total") / 20;
        Assert.Equal(account.Terms.HostRate * new System.Numerics.BigInteger(1_000_000_000), Wei(counted.GetProperty("paid"), "host") / 20);
        Assert.Equal(10 * second, Wei(counted.GetProperty("owed"), "total"));
        Assert.Equal((200u, 100u, 250u), (stats.GetProperty("rates").GetProperty("cpu").GetUInt32(), stats.GetProperty("rates").GetProperty("memory").GetUInt32(), stats.GetProperty("reserved")[0].GetUInt32()));
        Assert.Equal(20 * second, Wei(inspected, "spent"));
        Assert.Equal("1 of 1 replica runs.", inspected.GetProperty("explanation")[0].GetString());
        Assert.Equal((Amount.Parse("0.001") / second, "0"), (topped.GetProperty("seconds").GetUInt32(), topped.GetProperty("deposited").GetString()));
        Assert.Equal(0, Wei(deposited, "deposited"));
        Assert.Equal((1, Wei(resumed, "amount")), (resumed.GetProperty("resumed").GetInt32(), Wei(resumed, "deposited")));
        Assert.Contains("s of the order's duration are left to fund", tooMuch, StringComparison.Ordinal);
        Assert.Contains("fund none", tooLittle, StringComparison.Ordinal);
        string[] told = ["the control plane takes the order", "the chain admits the order", "web-0 opens on fra", $"a settlement pays web-0 20 s, host {Amount.FormatGrouped(Wei(counted.GetProperty("paid"), "host"))}", "web-0 is funded until", "web-0 is parked on fra", "web-0 is resumed", "the user cancels the order"];
        int at = 0;
        Assert.All(told, words => Assert.True((at = story.Output.IndexOf(words, at, StringComparison.Ordinal)) >= 0, $"'{words}' is not in its place in\n{story.Output}{story.Errors}"));
        Assert.DoesNotContain(recent.EnumerateArray(), static line => line.GetProperty("atMs").GetInt64() == 0);
    }

    private async Task<ulong> HeadAsync() => (await chain.Client.GetHeadAsync(TestContext.Current.CancellationToken)).Timestamp;

    private static OrderView ViewOf(LeaseKey key, Hash32 lease, EvmAddress user) => new(
        key.OrderHash, "shop", user, OrderStatus.Running, null, null, 0, 1, Amount.Parse("50"),
        [new LeaseView(lease, key.OrderHash, "web", 0, 0, 0, key.Coe, "fra", LeaseState.Open, EndReason.None, LeasePhase.Running, null, [], 0, 0, 0)], [new TimelineEntry(0, "received", null)]);

    private static FakeAnswer Answer(FakeRequest request, OrderView order, LeaseUsageView usage) => request.Path switch
    {
        "/api/orders" => new FakeAnswer(200, JsonSerializer.Serialize([order], DwebJson.Default.IReadOnlyListOrderView)),
        _ when request.Path.EndsWith("/placement", StringComparison.Ordinal) => new FakeAnswer(200, JsonSerializer.Serialize(new PlacementView(order.OrderHash, 1, true, []), DwebJson.Default.PlacementView)),
        _ when request.Path.EndsWith("/usage", StringComparison.Ordinal) => new FakeAnswer(200, JsonSerializer.Serialize(usage, DwebJson.Default.LeaseUsageView)),
        _ => new FakeAnswer(200, JsonSerializer.Serialize(order, DwebJson.Default.OrderView)),
    };

    private static System.Numerics.BigInteger Wei(JsonElement json, string name) =>
        System.Numerics.BigInteger.Parse(json.GetProperty(name).GetString()!, System.Globalization.CultureInfo.InvariantCulture);
}
