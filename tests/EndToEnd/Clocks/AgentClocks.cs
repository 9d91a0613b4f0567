using Dweb.EndToEnd.Tests.Stack;
using Dweb.Testing;

namespace Dweb.EndToEnd.Tests.Clocks;

/// <summary>
/// The agents' machines show another time than everybody else's. They learn it from the control plane's refusals (<c>agent/ControlPlane/ClockOffset.cs</c>), and
/// count seconds by the engine's clock (<c>agent/Metering/EngineClock.cs</c>).
/// </summary>
[Trait("Category", "EndToEnd")]
[Collection(RealStack.Collection)]
public sealed class AgentClocks(RealStack stack)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task A_deployment_through_agents_that_are_an_hour_off_runs_is_paid_and_ends(int hours)
    {
        await stack.ComeToRestAsync(Stop);
        using var wall = new WallClock();
        wall.Set(TimeSpan.FromHours(hours));
        await RestartAgentsAsync(wall.Environment.ToDictionary(static v => v.Name, static v => v.Value, StringComparer.Ordinal));
        try
        {
            await OneReplica.RunsIsPaidAndEndsAsync(stack, $"agents {hours} h ahead", Stop);
        }
        finally
        {
            await RestartAgentsAsync(environment: null);
        }
    }

    private async Task RestartAgentsAsync(Dictionary<string, string>? environment)
    {
        foreach (var host in stack.Local.Hosts)
        {
            await stack.KillAgentAsync(host, CancellationToken.None);
            await stack.StartAgentAsync(host, environment: environment);
        }
    }
}
