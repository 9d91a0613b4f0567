using Dweb.Durable.Tests.Fixtures;

namespace Dweb.Durable.Tests.Hub;

public sealed class SizeTests(Azurite azurite) : HubTest(azurite)
{
    private static readonly OrchestrationDefinition<string, string> Carry = Defs.StringToString("Carry");

    [Theory]
    [InlineData(70_000)]
    [InlineData(300_000)]
    [InlineData(700_000)]
    public async Task Large_inputs_events_results_and_outputs_survive_a_crash(int length)
    {
        var harness = Harness(Registry().AddOrchestration(Carry, async (context, text) =>
        {
            var echoed = await context.CallAsync(Defs.Echo, text);
            return echoed + await context.WaitForEventAsync(Defs.Word);
        }));
        var hub = await harness.StartAsync();
        var (text, word) = (new string('é', length), new string('w', length));
        await hub.StartAsync(Carry, "c", text, Ct);
        await harness.CrashAsync(hub);
        hub = await harness.StartAsync();
        await hub.RaiseEventAsync("c", Defs.Word, word, "e", Ct);

        var state = await hub.WaitForCompletionAsync("c", Ct);
        Assert.Equal(text + word, System.Text.Json.JsonSerializer.Deserialize(state.Output!, TestJson.Default.String));
        Assert.Equal(text, System.Text.Json.JsonSerializer.Deserialize(state.Input!, TestJson.Default.String));
    }

    [Fact]
    public async Task A_fan_out_of_a_thousand_activities_comes_together()
    {
        var fan = Defs.IntToInt("Fan");
        StoreBetween? store = null;
        var hub = await Harness(Registry().AddOrchestration(fan, async (context, n) =>
            (await Task.WhenAll(Enumerable.Range(0, n).Select(i => context.CallAsync(Defs.Double, i)))).Sum())).StartAsync(inner => store = new StoreBetween(inner));
        await hub.StartAsync(fan, "f", 1000, Ct);

        Assert.Equal("999000", (await hub.WaitForCompletionAsync("f", Ct)).Output);
        // Completions that come during a turn are one batch, so there are far fewer commits than completions.
        Assert.InRange(store!.Transactions, 3, 500);
    }
}
