using Dweb.Durable.Tests.Fixtures;
using Dweb.Durable.Wire;
using Google.Protobuf;
using Microsoft.Extensions.Time.Testing;

// Orchestrators here do what they must not.
#pragma warning disable DWD001, DWD004
namespace Dweb.Durable.Tests.Executor;

public sealed class BlockingTests
{
    [Fact]
    public async Task A_turn_that_blocks_is_answered_for_with_the_name_of_its_instance()
    {
        using var never = new ManualResetEventSlim();
        var response = await AnswerAsync((_, n) =>
        {
            never.Wait();
            return Task.FromResult(n);
        });
        never.Set();

        var failure = Driver.End(response).FailureDetails;
        Assert.Equal(typeof(ForeignTaskException).FullName, failure.ErrorType);
        Assert.StartsWith("Orchestration 'O', instance inst, has blocked its turn", failure.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_turn_that_computes_for_long_is_not_taken_for_a_blocked_one()
    {
        var time = new FakeTimeProvider();
        var response = await AnswerAsync((_, n) =>
        {
            // Each round is as long as the patience, and the thread runs all the time.
            for (var round = 0; round < 50; round++)
            {
                time.Advance(TimeSpan.FromSeconds(10));
            }
            return Task.FromResult(n);
        }, time);

        Assert.Equal(WireStatus.Completed, Driver.End(response).OrchestrationStatus);
    }

    private static async Task<OrchestratorResponse> AnswerAsync(Func<OrchestrationContext, int, Task<int>> orchestrator, FakeTimeProvider? time = null)
    {
        var registry = new OrchestrationRegistry().AddOrchestration(Defs.IntToInt("O"), orchestrator);
        var clock = time ?? new FakeTimeProvider();
        var request = new OrchestratorRequest { InstanceId = "inst" };
        request.NewEvents.Add(Dweb.Durable.Hub.HistoryEvents.Started(clock.GetUtcNow(), "inst", "O", "1", "e", null));
        var answering = new OrchestratorWorker(registry, time: clock).ExecuteAsync(request.ToByteArray(), TestContext.Current.CancellationToken);
        while (time is null && !answering.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        return OrchestratorResponse.Parser.ParseFrom(await answering);
    }
}
