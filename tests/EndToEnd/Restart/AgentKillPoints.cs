using Dweb.EndToEnd.Tests.Stack;

namespace Dweb.EndToEnd.Tests.Restart;

/// <summary>
/// A real agent is killed before and after each step that outlives it (<c>agent/State/DurableSteps.cs</c>) while one replica is deployed, paid and closed. Started
/// again, it comes to the same end: one lease, one container, each second paid once, and no wei missing.
/// </summary>
[Trait("Category", "EndToEnd")]
[Collection(RealStack.Collection)]
public sealed class AgentKillPoints(RealStack stack)
{
    private const int MostTimes = 2;

    // A story that is told without harm comes by none of these; networks are ready, and images are left to the next.
    private static readonly string[] Elsewhere = ["RefusedRecordWritten", "ImagePulled", "ImageRemoved", "NetworkMade", "NetworkRemoved", "SecretsMounted", "SecretsWritten", "SecretsRemoved", "SealedSecretsKept", "SealedSecretsRemoved"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public Task A_deployment_ends_the_same_whatever_step_its_agent_dies_at() => KillAsync(atMost: 2);

    [Fact(Explicit = true)]
    public Task A_deployment_ends_the_same_at_every_step_that_its_agent_can_die_at() => KillAsync(atMost: int.MaxValue);

    private async Task KillAsync(int atMost)
    {
        var points = await RehearseAsync();
        var random = new Random(Chance.Seed);
        StepPoint[] chosen = atMost < points.Count ? [.. points.OrderBy(_ => random.Next()).Take(atMost)] : [.. points];
        TestContext.Current.SendDiagnosticMessage(
            $"{points.Count} steps, {chosen.Length} tried ({string.Join(", ", (IEnumerable<StepPoint>)chosen)}), seed {Chance.Seed} (DWEB_SEED).");
        int met = 0;
        foreach (var point in chosen)
        {
            await stack.ComeToRestAsync(Stop);
            await using var agents = await KilledAgents.StartAsync(stack, point, Stop);
            await OneReplica.RunsIsPaidAndEndsAsync(stack, $"killed {point}", Stop);
            met += agents.Killed > 0 ? 1 : 0;
        }

        // How often a record is written differs a little from one time to the next; that most are met is what is asked.
        Assert.True(met * 2 > chosen.Length, $"Only {met} of {chosen.Length} steps were met.");
    }

    private async Task<IReadOnlyList<StepPoint>> RehearseAsync()
    {
        await stack.ComeToRestAsync(Stop);
        await using var agents = await KilledAgents.StartAsync(stack, point: null, Stop);
        await OneReplica.RunsIsPaidAndEndsAsync(stack, "killed nowhere", Stop);
        var seen = agents.Seen();
        var missing = DurableStepNames.Read(stack.Repository.Root).Except(Elsewhere, StringComparer.Ordinal)
            .SelectMany(static name => (string[])["before " + name, "after " + name]).Except(seen.Select(static s => s.Step), StringComparer.Ordinal);
        Assert.Empty(missing);
        return
        [
            .. from step in seen.OrderBy(static s => s.Step, StringComparer.Ordinal)
               from time in Enumerable.Range(1, Math.Min(step.Times, MostTimes))
               select new StepPoint(step.Step, time),
        ];
    }
}

/// <summary>The steps as the agent's source lists them: the agent is a program, not a library of these tests.</summary>
internal static class DurableStepNames
{
    public static IReadOnlyList<string> Read(string root)
    {
        string source = File.ReadAllText(Path.Combine(root, "agent", "State", "DurableSteps.cs"));
        int start = source.IndexOf('{', source.IndexOf("enum DurableStep", StringComparison.Ordinal)) + 1;
        return [.. source[start..source.IndexOf('}', start)].Split('\n').Select(static line => line.Trim()).Where(static line => line.EndsWith(',')).Select(static line => line[..^1])];
    }
}
