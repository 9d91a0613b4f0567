using Dweb.Core.Protocol;
using Dweb.EndToEnd.Tests.Stack;
using Dweb.Local.Stack;

namespace Dweb.EndToEnd.Tests.Restart;

/// <summary>
/// While a deployment starts, is paid and ends, processes are killed at random moments and started again: the control plane, scheduler members, agents. It ends
/// as if nothing had been.
/// </summary>
[Trait("Category", "EndToEnd")]
[Collection(RealStack.Collection)]
public sealed class RandomKills(RealStack stack)
{
    private const int Replicas = 2;
    private const int KillsOfADeployment = 5;
    private const int MostPauseMs = 2_500;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public Task A_deployment_ends_once_whoever_is_killed_meanwhile() => KillAsync(deployments: 1);

    [Fact(Explicit = true)]
    public Task A_hundred_kills_end_nothing_twice_and_lose_nothing() => KillAsync(deployments: 100 / KillsOfADeployment);

    private async Task KillAsync(int deployments)
    {
        var random = new Random(Chance.Seed);
        TestContext.Current.SendDiagnosticMessage($"{deployments * KillsOfADeployment} random kills, seed {Chance.Seed} (DWEB_SEED).");
        for (int i = 0; i < deployments; i++)
        {
            await stack.ComeToRestAsync(Stop);
            var user = EvmAddress.Parse(stack.Local.People[Role.User]);
            var free = await stack.Chain.Book.FreeOfAsync(user, cancellationToken: Stop);
            var told = new List<string>();
            var killing = KillSomeAsync(random, told);
            var order = await TellAsync($"killed-{Chance.Seed}-{deployments}-{i}");
            await killing;
            await AssertWholeAsync(order, user, free, told);
        }
    }

    private async Task KillSomeAsync(Random random, List<string> told)
    {
        for (int i = 0; i < KillsOfADeployment; i++)
        {
            await Task.Delay(random.Next(MostPauseMs), Stop);
            int victim = random.Next(1 + Role.Members.Count + stack.Local.Hosts.Count);
            if (victim == 0)
            {
                told.Add("control plane");
                await stack.KillControlPlaneAsync(Stop);
                await stack.StartControlPlaneAsync(Stop);
            }
            else if (victim <= Role.Members.Count)
            {
                string member = Role.Members[victim - 1];
                told.Add(member);
                await stack.Local.KillMember(member, Stop);
                await stack.Local.StartMember(member, Stop);
            }
            else
            {
                var host = stack.Local.Hosts[victim - 1 - Role.Members.Count];
                told.Add(host.Role.Agent);
                await stack.KillAgentAsync(host, Stop);
                await stack.StartAgentAsync(host);
            }
        }
    }

    /// <summary>From the file to the end, each step again until somebody answers.</summary>
    private async Task<Hash32> TellAsync(string name)
    {
        string file = Compose.Write(stack, "killed.yaml", Compose.Single("demo/web", "eu-central", replicas: Replicas));
        var order = Hash32.Parse((await InsistAsync("deploy", file, "--name", name, "--wait")).GetProperty("orderHash").GetString()!);
        await Deadline.UntilAsync("both replicas are paid", async stop => (await OpenAsync(order, stop)) is { Count: Replicas } open && await AllPaidAsync(open, stop), Stop);
        await InsistAsync("close", order.ToString(), "--wait");
        return order;
    }

    private async Task<System.Text.Json.JsonElement> InsistAsync(params IReadOnlyList<string> arguments)
    {
        CliAnswer? last = null;
        await Deadline.UntilAsync(string.Join(' ', arguments), async stop =>
        {
            last = await stack.CliAsync(Role.User, stop, arguments);
            Assert.True(last.ExitCode == 0 || last.Problem().Status >= 500, last.Errors);
            return last.ExitCode == 0;
        }, Stop);
        return last!.Json();
    }

    private async Task<IReadOnlyList<Hash32>> OpenAsync(Hash32 order, CancellationToken stop)
    {
        var open = new List<Hash32>();
        foreach (var opened in await stack.Chain.OpeningsAsync(stop, order))
        {
            if (await stack.Chain.StateOfAsync(opened.LeaseId, stop) == Core.Protocol.Messages.LeaseState.Open)
            {
                open.Add(opened.LeaseId);
            }
        }

        return open;
    }

    private async Task<bool> AllPaidAsync(IReadOnlyList<Hash32> leases, CancellationToken stop)
    {
        foreach (var lease in leases)
        {
            if ((await stack.Chain.Book.SettledOfAsync(lease, cancellationToken: stop)).SecondsRun == 0)
            {
                return false;
            }
        }

        return true;
    }

    private async Task AssertWholeAsync(Hash32 order, EvmAddress user, System.Numerics.BigInteger free, IReadOnlyList<string> told)
    {
        string killed = $"killed: {string.Join(", ", told)}; seed {Chance.Seed}";
        var opened = await stack.Chain.OpeningsAsync(Stop, order);
        Assert.True(opened.Count == opened.DistinctBy(static o => (o.Service, o.Replica, o.Generation)).Count(), killed);
        var spent = (await stack.Chain.Book.OrderOfAsync(order, cancellationToken: Stop)).Committed;
        var left = await stack.Chain.Book.FreeOfAsync(user, cancellationToken: Stop);
        Assert.True(spent > 0 && free == left + spent, $"{free} wei were free; {spent} were spent and {left} are left; {killed}");
        await Deadline.UntilAsync(
            $"no container is left ({killed})", async stop => (await stack.Containers.ListAsync(stack.Local.Hosts.Select(static h => h.Coe), stop)).Count == 0, Stop);
    }
}
