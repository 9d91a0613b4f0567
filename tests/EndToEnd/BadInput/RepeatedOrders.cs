using System.Text.Json;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.EndToEnd.Tests.Stack;
using Dweb.Local.Stack;

namespace Dweb.EndToEnd.Tests.BadInput;

[Trait("Category", "EndToEnd")]
[Collection(RealStack.Collection)]
public sealed class RepeatedOrders(RealStack stack)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_order_sent_again_is_the_same_order_and_opens_no_second_lease()
    {
        await stack.ComeToRestAsync(Stop);
        await using var coe = await HandHeldCoe.FoundAsync(stack, Stop);
        string file = Compose.Write(stack, "twice.yaml", Compose.Single("demo/web", HandHeldCoe.Region));
        string first = await DeployAsync(file);
        var lease = await Leases.OnlyOneAsync(stack, first, Stop);
        await coe.ReportRunningAsync(lease, Stop);
        (await stack.CliAsync(Role.User, Stop, "deploy", file, "--wait")).Json();
        var before = await Snapshot.TakeAsync(stack, Stop);

        Assert.Equal(first, await DeployAsync(file));
        string sent = await File.ReadAllTextAsync(SentOrder(first), Stop);
        var again = await stack.Api.TakenAsync(Api.Post("/api/orders", sent), DwebJson.Default.OrderView, Stop);
        Assert.Equal((first, lease), (again.OrderHash.ToString(), Assert.Single(again.Leases).LeaseId));
        string other = sent.Replace("8080", "8081", StringComparison.Ordinal);
        Assert.Equal("order-conflict", (await stack.Api.RefusedAsync(Api.Post("/api/orders", other), Stop)).Code);

        await before.AssertUnchangedAsync(stack, "an order sent again", Stop);
    }

    private async Task<string> DeployAsync(string file) => (await stack.CliAsync(Role.User, Stop, "deploy", file)).Json().GetProperty("orderHash").GetString()!;

    /// <summary>The request that the command line remembers.</summary>
    private string SentOrder(string orderHash) => Directory.EnumerateFiles(Path.Combine(stack.Local.Wallets.Home, "orders")).Single(path =>
        JsonSerializer.Deserialize(File.ReadAllText(path), DwebJson.Default.SubmitOrderRequest)!.Order.ToMessage().Id(stack.Chain.BookDomain) == Hash32.Parse(orderHash));
}
