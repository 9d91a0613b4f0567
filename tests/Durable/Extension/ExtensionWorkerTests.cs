using Dweb.Durable.Extension;
using Dweb.Durable.Tests.Fixtures;
using Dweb.Durable.Wire;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dweb.Durable.Tests.Extension;

/// <summary>The worker between the extension's bytes and ours.</summary>
public sealed class ExtensionWorkerTests
{
    private static readonly ActivityDefinition<Money, Money> Pay = new("Pay", TestJson.Default.Money, TestJson.Default.Money);
    private static readonly OrchestrationDefinition<Money, Money> Main = new("Main", TestJson.Default.Money, TestJson.Default.Money);
    private static readonly Money Amount = new(1.10m, new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.FromHours(2)));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Dates_and_decimals_come_through_an_activity_as_they_were(bool hostQuotesTexts)
    {
        var worker = Worker((_, money) => Task.FromResult(money));
        var call = Assert.Single((await TurnAsync(worker)).Actions).ScheduleTask;
        var result = await worker.RunActivityAsync("Pay", "a", call.Input, Ct);
        var second = await TurnAsync(worker, Scheduled(), new HistoryEvent { TaskCompleted = new() { TaskScheduledId = 0, Result = hostQuotesTexts ? Quote(result) : result } });

        Assert.Equal(Json.Write(Amount, TestJson.Default.Money), Driver.End(second).Result);
        // In the same words, to the last zero.
        Assert.Contains("1.10", Driver.End(second).Result, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_activity_learns_the_number_of_its_call()
    {
        var seen = -1;
        var worker = Worker((context, money) =>
        {
            seen = context.TaskId;
            return Task.FromResult(money);
        }, calls: 3);
        var third = (await TurnAsync(worker)).Actions[2];
        await worker.RunActivityAsync("Pay", "a", third.ScheduleTask.Input, Ct);

        Assert.Equal((2, third.Id), (seen, third.Id));
    }

    [Fact]
    public async Task A_failure_keeps_its_type_and_cause()
    {
        var worker = Worker((_, _) => throw new InvalidOperationException("no fuel", new TimeoutException("the pump")));
        var result = await worker.RunActivityAsync("Pay", "a", Json.Write(Amount, TestJson.Default.Money), Ct);
        var end = Driver.End(await TurnAsync(worker, Scheduled(), new HistoryEvent { TaskCompleted = new() { TaskScheduledId = 0, Result = result } }));

        Assert.Equal(WireStatus.Failed, end.OrchestrationStatus);
        var failure = Failures.FromWire(end.FailureDetails);
        Assert.True(failure.IsCausedBy<InvalidOperationException>() && failure.IsCausedBy<TimeoutException>());
    }

    [Fact]
    public async Task An_event_that_was_delivered_twice_is_seen_once_and_a_foreign_one_as_it_is()
    {
        var registry = new OrchestrationRegistry().AddOrchestration(Defs.IntToString("Main"), async (context, _) =>
            $"{await context.WaitForEventAsync(Defs.Number)} {await context.WaitForEventAsync(Defs.Number)} {await context.WaitForEventAsync(Defs.Number)}");
        var worker = new ExtensionWorker(new OrchestratorWorker(registry, NullLogger<OrchestratorWorker>.Instance), new ActivityWorker(registry));
        string[] raised = ["""{"json":"1","eventId":"a"}""", """{"json":"1","eventId":"a"}""", "2", """{"json":"3","eventId":"b"}""", """{"json":"1","eventId":"a"}"""];

        var response = await TurnAsync(worker, "1", [.. raised.Select(input => new HistoryEvent { EventId = -1, EventRaised = new() { Name = "number", Input = input } })]);

        Assert.Equal("\"1 2 3\"", Driver.End(response).Result);
    }

    [Fact]
    public async Task What_is_no_work_item_is_refused()
    {
        var worker = Worker((_, money) => Task.FromResult(money));
        await Assert.ThrowsAsync<FormatException>(() => worker.RunTurnAsync("not base64", Ct));
        await Assert.ThrowsAsync<FormatException>(() => worker.RunTurnAsync("/////w==", Ct));
    }

    private static ExtensionWorker Worker(Func<ActivityContext, Money, Task<Money>> pay, int calls = 1)
    {
        var registry = new OrchestrationRegistry()
            .AddActivity(Pay, (context, money, _) => pay(context, money))
            .AddOrchestration(Main, async (context, money) => (await Task.WhenAll(Enumerable.Range(0, calls).Select(_ => context.CallAsync(Pay, money))))[0]);
        return new ExtensionWorker(new OrchestratorWorker(registry, NullLogger<OrchestratorWorker>.Instance), new ActivityWorker(registry));
    }

    private static Task<OrchestratorResponse> TurnAsync(ExtensionWorker worker, params HistoryEvent[] then) => TurnAsync(worker, Json.Write(Amount, TestJson.Default.Money), then);

    private static async Task<OrchestratorResponse> TurnAsync(ExtensionWorker worker, string input, HistoryEvent[] then)
    {
        var at = Timestamp.FromDateTimeOffset(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));
        var request = new OrchestratorRequest { InstanceId = "a" };
        request.NewEvents.Add(new HistoryEvent { EventId = -1, Timestamp = at, OrchestratorStarted = new() });
        request.NewEvents.Add(new HistoryEvent { EventId = -1, Timestamp = at, ExecutionStarted = new() { Name = "Main", Input = input, OrchestrationInstance = new() { InstanceId = "a" } } });
        foreach (var e in then)
        {
            e.Timestamp = at;
            request.NewEvents.Add(e);
        }
        return OrchestratorResponse.Parser.ParseFrom(Convert.FromBase64String(await worker.RunTurnAsync(Convert.ToBase64String(request.ToByteArray()), Ct)));
    }

    // A host leaves the input out of what it sends back.
    private static HistoryEvent Scheduled() => new() { EventId = 0, TaskScheduled = new() { Name = "Pay" } };

    private static string Quote(string text) => Json.Write(text, TestJson.Default.String);
}
