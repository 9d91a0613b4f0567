using System.Collections.Concurrent;
using Dweb.Durable.Hub;
using Dweb.Durable.Storage;
using Dweb.Durable.Tests.Fixtures;
using Dweb.Durable.Wire;

namespace Dweb.Durable.Tests.Hub;

/// <summary>The hub's process dies at one write, before it or after it; the next process must come to what would have come without.</summary>
public sealed partial class CrashMatrixTests(Azurite azurite) : HubTest(azurite)
{
    private static readonly OrchestrationDefinition<int, int> Parent = Defs.IntToInt("Parent");
    private static readonly OrchestrationDefinition<int, int> Child = Defs.IntToInt("Child");
    private static readonly ActivityDefinition<int, int> Effect = new("Effect", TestJson.Default.Int32, TestJson.Default.Int32);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task Every_write_may_be_the_last(bool afterWriting) => EachAsync(20, 100, diesAt => RunAsync(diesAt, afterWriting));

    /// <summary>Runs once without a death, to count the writes, and then with a death at each of them.</summary>
    private static async Task EachAsync(int atLeast, int atMost, Func<int, Task<int>> run)
    {
        var writes = await run(0);
        Assert.InRange(writes, atLeast, atMost);
        for (var k = 1; k <= writes; k++)
        {
            await run(k);
        }
    }

    /// <summary>Lets a hub do something and die at a write; the next one is asked for it again. Gives that one, or the first if it got to the end.</summary>
    private static async Task<(EmbeddedHub Hub, int Writes)> SurviveAsync(HubHarness harness, int diesAt, bool afterWriting, Func<EmbeddedHub, Task> work,
        Func<EmbeddedHub, Task>? afterDeath = null)
    {
        StoreBetween? store = null;
        var hub = await harness.StartAsync(inner => store = new StoreBetween(inner) { DiesAt = diesAt, AfterWriting = afterWriting });
        var first = work(hub);
        try
        {
            await await Task.WhenAny(first, store!.Died.Task);
        }
        catch (StoreDiedException)
        {
            Assert.True(store!.Died.Task.IsCompleted);
        }
        if (store.Died.Task.IsCompleted)
        {
            await harness.CrashAsync(hub);
            hub = await harness.StartAsync();
            await (afterDeath ?? work)(hub);
        }
        else
        {
            // It took fewer writes than when they were counted; what the test does afterwards is no part of the matrix.
            store.DiesAt = 0;
        }
        return (hub, store.Writes);
    }

    private async Task<int> RunAsync(int diesAt, bool afterWriting)
    {
        var effects = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        var harness = Harness(CrashProgram.Orchestrations(effect => effects.AddOrUpdate(effect, 1, (_, times) => times + 1)));
        var (hub, writes) = await SurviveAsync(harness, diesAt, afterWriting, async hub =>
        {
            await CrashProgram.DriveAsync(hub, Ct);
            await CrashProgram.FinishedAsync(hub, harness.Store, Ct);
        });
        var when = When(diesAt, afterWriting);
        Assert.True((await hub.GetAsync("parent", Ct))!.Output == CrashProgram.ParentOutput, when);
        Assert.True((await hub.GetAsync("receiver", Ct))!.Output == CrashProgram.ReceiverOutput, when);
        Assert.True(effects.Count == CrashProgram.Effects, when);
        await AssertHistoryAsync(harness.Store, "parent", when);
        await AssertHistoryAsync(harness.Store, "receiver", when);
        return writes;
    }

    private static string When(int diesAt, bool afterWriting) => $"death at write {diesAt}, {(afterWriting ? "after" : "before")} it";

    internal static async Task AssertHistoryAsync(IHubStore store, string instanceId, string when, bool mayRepeatEnds = false)
    {
        var loaded = (await InstanceLoader.LoadAsync(store, instanceId, Ct))!;
        var history = loaded.History.Past;
        var asked = history.Where(e => e.EventId >= 0).Select(e => e.EventId).ToArray();
        Assert.True(asked.SequenceEqual(Enumerable.Range(0, asked.Length)), $"{when}: action ids {string.Join(',', asked)}");
        Assert.True(history[0].KindCase == HistoryEvent.KindOneofCase.OrchestratorStarted && history[^1].KindCase == HistoryEvent.KindOneofCase.OrchestratorCompleted, when);
        Assert.True(loaded.Inbox.All(row => loaded.History.HasConsumed(row.Key) || row.Event.EventRaised is not null || (mayRepeatEnds && row.Event.SubOrchestrationCompleted is not null)), when);
    }
}
