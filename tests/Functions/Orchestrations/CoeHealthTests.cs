using Dweb.Core.Protocol;
using Dweb.Durable;
using Dweb.Functions.Orchestrations;
using Dweb.Functions.Stores;
using Dweb.Functions.Tests.Stack;

namespace Dweb.Functions.Tests.Orchestrations;

/// <summary>The orchestration alone, with an activity that a test answers, over a real Azurite.</summary>
[Trait("Category", "Integration")]
public sealed class CoeHealthTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    private static readonly CoeSilence Silence = new(Keccak256.Hash("coe"), 70);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_silence_is_seen_to_until_it_is_over_and_an_outage_does_not_end_it()
    {
        int looks = 0;
        var ended = await RunAsync(silence =>
        {
            Assert.Equal(Silence, silence);
            return ++looks switch
            {
                1 => CoeStanding.Silent,
                2 => throw new HttpRequestException("The chain is away."),
                _ => CoeStanding.Heard,
            };
        });
        Assert.Equal((CoeStanding.Heard, 3), (ended, looks));
    }

    private async Task<CoeStanding> RunAsync(Func<CoeSilence, CoeStanding> look)
    {
        var registry = new OrchestrationRegistry()
            .AddOrchestration(Definitions.CoeHealth, CoeHealth.RunAsync)
            .AddActivity(Definitions.TendSilentCoe, (_, silence, _) => Task.FromResult(look(silence)));
        await using var hub = AzuriteHub.Of(new StorageAccount(azurite.ConnectionString), registry);
        await hub.StartAsync(Cancel);
        await hub.StartAsync(Definitions.CoeHealth, "coe-1", Silence, Cancel);
        var ended = await hub.WaitForCompletionAsync("coe-1", Cancel);
        Assert.True(ended.Status == OrchestrationStatus.Completed, ended.Failure?.ToString());
        await hub.StopAsync(Cancel);
        return System.Text.Json.JsonSerializer.Deserialize(ended.Output!, OrchestrationJson.Default.CoeStanding);
    }
}
