using System.Globalization;
using Dweb.EndToEnd.Tests.Stack;
using Dweb.Local.Stack;

namespace Dweb.EndToEnd.Tests.Restart;

/// <summary>An agent is killed beside its running container: the next one takes the container over as it is, and its seconds count once.</summary>
[Trait("Category", "EndToEnd")]
[Collection(RealStack.Collection)]
public sealed class AgentRestarts(RealStack stack)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_killed_agent_adopts_its_container_and_no_second_is_charged_twice()
    {
        await stack.ComeToRestAsync(Stop);
        string file = Compose.Write(stack, "adopt.yaml", Compose.Single("demo/web", "eu-central"));
        string order = (await stack.CliAsync(Role.User, Stop, "deploy", file, "--wait")).Json().GetProperty("orderHash").GetString()!;
        var lease = await Leases.OnlyOneAsync(stack, order, Stop);
        var before = await OnlyContainerAsync();
        await Leases.PaidAsync(stack, lease, moreThan: 0, Stop);
        var host = stack.Local.Hosts.Single(h => h.Coe == before.Coe);

        await stack.KillAgentAsync(host, Stop);
        Assert.Equal(before, await OnlyContainerAsync());
        uint seconds = (await stack.Chain.Book.SettledOfAsync(lease, cancellationToken: Stop)).SecondsRun;
        await stack.StartAgentAsync(host);
        await Leases.PaidAsync(stack, lease, moreThan: seconds, Stop);

        Assert.Equal(before, await OnlyContainerAsync());
        Assert.Equal(lease, await Leases.OnlyOneAsync(stack, order, Stop));
        (await stack.CliAsync(Role.User, Stop, "close", order, "--wait")).Json();
        uint charged = (await stack.Chain.Book.SettledOfAsync(lease, cancellationToken: Stop)).SecondsRun;
        var ran = TimeProvider.System.GetUtcNow() - DateTimeOffset.Parse(before.StartedAt, CultureInfo.InvariantCulture);
        Assert.InRange(charged, seconds + 1, (uint)Math.Ceiling(ran.TotalSeconds));
    }

    private async Task<LeasedContainer> OnlyContainerAsync() => Assert.Single(await stack.Containers.ListAsync(stack.Local.Hosts.Select(static h => h.Coe), Stop));
}
