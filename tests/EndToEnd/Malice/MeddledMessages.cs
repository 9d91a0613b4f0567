using Dweb.Core.Protocol;
using Dweb.EndToEnd.Tests.Stack;
using Dweb.Local.Stack;

namespace Dweb.EndToEnd.Tests.Malice;

/// <summary>Somebody between the agents and their control plane loses, repeats, misdirects and changes what they say to each other: it costs time, and gains nothing.</summary>
[Trait("Category", "EndToEnd")]
[Collection(RealStack.Collection)]
public sealed class MeddledMessages(RealStack stack)
{
    private const int Replicas = 2;
    private const uint Seconds = 6;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_deployment_runs_is_paid_and_ends_and_no_wei_is_missing()
    {
        TestContext.Current.SendDiagnosticMessage($"Messages are meddled with by seed {Chance.Seed} (DWEB_SEED).");
        await stack.ComeToRestAsync(Stop);
        var user = EvmAddress.Parse(stack.Local.People[Role.User]);
        var free = await stack.Chain.Book.FreeOfAsync(user, cancellationToken: Stop);
        await using var proxy = await MeddlingProxy.StartAsync(new Uri(stack.Local.Addresses.Endpoint), Chance.Seed);
        await StartAgentsAsync(proxy.Port);
        try
        {
            string file = Compose.Write(stack, "meddled.yaml", Compose.Single("demo/web", "eu-central", replicas: Replicas));
            string order = (await stack.CliAsync(Role.User, Stop, "deploy", file, "--name", $"meddled-{Chance.Seed}", "--wait")).Json().GetProperty("orderHash").GetString()!;
            await Deadline.UntilAsync("both replicas are paid for a while", async stop => await PaidAsync(order, stop) >= Replicas * Seconds, Stop);
            await Deadline.UntilAsync("everything that is done to messages was done", _ => Task.FromResult(Enum.GetValues<Meddling>().All(what => proxy.Done.ContainsKey(what))), Stop);
            (await stack.CliAsync(Role.User, Stop, "close", order, "--wait")).Json();

            var opened = await stack.Chain.OpeningsAsync(Stop, Hash32.Parse(order));
            Assert.Equal(opened.Count, opened.DistinctBy(static o => (o.Service, o.Replica, o.Generation)).Count());
            var spent = (await stack.Chain.Book.OrderOfAsync(Hash32.Parse(order), cancellationToken: Stop)).Committed;
            Assert.True(spent > 0);
            Assert.Equal(free, spent + await stack.Chain.Book.FreeOfAsync(user, cancellationToken: Stop));
        }
        finally
        {
            await StartAgentsAsync(null);
        }
    }

    private async Task<uint> PaidAsync(string order, CancellationToken stop)
    {
        uint paid = 0;
        foreach (var opened in await stack.Chain.OpeningsAsync(stop, Hash32.Parse(order)))
        {
            paid += (await stack.Chain.Book.SettledOfAsync(opened.LeaseId, cancellationToken: stop)).SecondsRun;
        }

        return paid;
    }

    /// <param name="controlPlane">Port at which they look for it; null for its own.</param>
    private async Task StartAgentsAsync(int? controlPlane)
    {
        foreach (var host in stack.Local.Hosts)
        {
            await stack.KillAgentAsync(host, CancellationToken.None);
            await stack.StartAgentAsync(host, controlPlane);
        }
    }
}
