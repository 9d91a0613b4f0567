using System.Numerics;
using Dweb.Core.Protocol.Http;
using Dweb.Functions.Tests.Stack;
using Dweb.Testing;

namespace Dweb.Functions.Tests.Clocks;

/// <summary>The control plane's own clock is set back an hour while a deployment runs: agents are heard as before, usage is settled, timers go on.</summary>
[Trait("Category", "Integration")]
[Collection("stack")]
public sealed class WallClockStepsTests(ClockStack clocks) : IClassFixture<ClockStack>
{
    private const uint Seconds = 4;
    private readonly TestStack stack = clocks.Stack;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_deployment_runs_on_is_paid_and_closed_when_the_clock_steps_back_an_hour()
    {
        using var wall = new WallClock();
        await stack.Plane.KillAsync();
        await using var plane = new ControlPlane(stack.SettingsWith(wall.Environment), stack.Plane.Address);
        await plane.StartAsync(Cancel);
        var scene = await Scene.BeginAsync(stack, 2, Cancel);
        await scene.RunAllAsync(Cancel);
        Assert.Equal(OrderStatus.Running, (await scene.WaitAsync(OrderStatus.Running, Cancel)).Status);

        wall.Set(TimeSpan.FromHours(-1));

        // Longer than a silence that makes a COE lost: nobody is refused, so nobody is.
        for (int i = 0; i < 24; i++)
        {
            await BeatAsync();
        }

        var view = await scene.ViewAsync(Cancel);
        Assert.Equal((OrderStatus.Running, 2), (view.Status, view.Leases.Count));
        await scene.ReportUsageAsync(Seconds, Cancel);
        while (!await IsSettledAsync(scene))
        {
            await BeatAsync();
        }

        await scene.EndAsync(Cancel);
        await scene.BeatUntilAsync(stack.Market.Agents, static view => view.Status == OrderStatus.Closed, Cancel);
        var spent = (await stack.Chain.LeaseBook.OrderOfAsync(scene.OrderHash, cancellationToken: Cancel)).Committed;
        Assert.Equal(100 * BigInteger.Pow(10, 18), spent + await stack.Chain.LeaseBook.FreeOfAsync(scene.User.Address, cancellationToken: Cancel));
    }

    private async Task BeatAsync()
    {
        await Task.WhenAll(stack.Market.Agents.Select(static agent => agent.BeatAsync(Cancel)));
        await Task.Delay(500, Cancel);
    }

    private async Task<bool> IsSettledAsync(Scene scene)
    {
        foreach (var lease in scene.Leases)
        {
            if ((await stack.Chain.LeaseBook.SettledOfAsync(lease.LeaseId, cancellationToken: Cancel)).SecondsRun < Seconds)
            {
                return false;
            }
        }

        return true;
    }
}
