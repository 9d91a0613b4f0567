using Dweb.Durable.Tests.Fixtures;

namespace Dweb.Durable.Tests.Hub;

/// <summary>Many instances at once, and one that is many by itself.</summary>
public sealed class CrowdTests(Azurite azurite) : HubTest(azurite)
{
    private static readonly OrchestrationDefinition<int, int> Waiting = Defs.IntToInt("Waiting");
    private static readonly OrchestrationDefinition<int, int> Fan = Defs.IntToInt("Fan");

    [Fact]
    public async Task Others_go_on_while_one_instance_fans_out_to_a_thousand()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var slow = Defs.Double with { Name = "Slow" };
        var harness = Harness(Registry()
            .AddActivity(slow, async (_, n, ct) =>
            {
                await gate.Task.WaitAsync(ct);
                return n;
            })
            .AddOrchestration(Fan, async (context, n) => (await Task.WhenAll(Enumerable.Range(0, n).Select(i => context.CallAsync(slow, i)))).Sum())
            .AddOrchestration(Waiting, async (context, n) => await context.CallAsync(Defs.Double, n) + await context.CallAsync(Defs.Double, n)), activitiesAtATime: 16);
        var hub = await harness.StartAsync();
        await hub.StartAsync(Fan, "fan", 1_000, Ct);
        await UntilAsync(async () => (await hub.GetAsync("fan", Ct))!.Status == OrchestrationStatus.Running);
        foreach (var i in Enumerable.Range(0, 10))
        {
            await hub.StartAsync(Waiting, $"w{i}", i, Ct);
        }
        // None of the thousand can end before the others have.
        foreach (var i in Enumerable.Range(0, 10))
        {
            Assert.Equal($"{4 * i}", (await hub.WaitForCompletionAsync($"w{i}", Ct)).Output);
        }
        gate.SetResult();

        Assert.Equal("499500", (await hub.WaitForCompletionAsync("fan", Ct)).Output);
    }
}
