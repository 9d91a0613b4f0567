using System.Collections.Concurrent;
using Dweb.Durable.Tests.Fixtures;

namespace Dweb.Durable.Tests.Hub;

/// <summary>The same for what is done to instances from outside.</summary>
public sealed partial class CrashMatrixTests
{
    private static readonly OrchestrationDefinition<int, int> Long = Defs.IntToInt("Long");
    private static readonly OrchestrationQuery Doomed = new() { InstanceIdPrefix = "doomed" };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task Every_write_of_a_rewind_may_be_the_last(bool afterWriting) => EachAsync(12, 40, diesAt => RewindAsync(diesAt, afterWriting, isMended: true));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task Every_write_of_a_rewind_that_fails_again_may_be_the_last(bool afterWriting) =>
        EachAsync(12, 40, diesAt => RewindAsync(diesAt, afterWriting, isMended: false));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task Every_write_of_a_purge_by_query_may_be_the_last(bool afterWriting) => EachAsync(7, 20, diesAt => PurgeAsync(diesAt, afterWriting));

    private async Task<int> RewindAsync(int diesAt, bool afterWriting, bool isMended)
    {
        var effects = new ConcurrentDictionary<(string, int, int), int>();
        var works = false;
        var harness = Harness(new OrchestrationRegistry()
            .AddActivity(Effect, (context, n, _) =>
            {
                effects.AddOrUpdate((context.InstanceId, context.TaskId, n), 1, (_, times) => times + 1);
                return Volatile.Read(ref works) || n != 3 ? Task.FromResult(n + 1) : throw new TimeoutException("not yet");
            })
            .AddOrchestration(Child, async (context, n) => await context.CallAsync(Effect, n - 1) + await context.CallAsync(Effect, n))
            .AddOrchestration(Parent, async (context, n) => await context.CallAsync(Effect, n - 2) + await context.CallSubOrchestrationAsync(Child, n, "child")));
        var hub = await harness.StartAsync();
        await hub.StartAsync(Parent, "parent", 3, Ct);
        Assert.Equal(OrchestrationStatus.Failed, (await hub.WaitForCompletionAsync("parent", Ct)).Status);
        await UntilAsync(async () => await harness.CountLiveAsync() == 0);
        await harness.CrashAsync(hub);
        Volatile.Write(ref works, isMended);

        (hub, var writes) = await SurviveAsync(harness, diesAt, afterWriting, async hub =>
        {
            await RewindUnlessDoneAsync(hub, isMended);
            await hub.WaitForCompletionAsync("parent", Ct);
            await UntilAsync(async () => await harness.CountLiveAsync() == 0);
        });
        if (!isMended)
        {
            Volatile.Write(ref works, true);
            await hub.RewindAsync("parent", null, Ct);
            await hub.WaitForCompletionAsync("parent", Ct);
        }
        var when = When(diesAt, afterWriting);
        Assert.True((await hub.GetAsync("parent", Ct))!.Output == "9", when);
        Assert.True((await hub.GetAsync("child", Ct))!.Status == OrchestrationStatus.Completed, when);
        Assert.True(effects[("parent", 0, 1)] == 1 && effects[("child", 0, 2)] == 1, $"{when}: what had succeeded ran again");
        await AssertHistoryAsync(harness.Store, "parent", when, mayRepeatEnds: true);
        await AssertHistoryAsync(harness.Store, "child", when);
        return writes;
    }

    private static async Task RewindUnlessDoneAsync(EmbeddedHub hub, bool isMended)
    {
        try
        {
            await hub.RewindAsync("parent", null, Ct);
        }
        catch (OrchestrationConflictException)
        {
            // The first life got as far as the rewind.
            Assert.True(!isMended || (await hub.GetAsync("parent", Ct))!.Status != OrchestrationStatus.Failed);
        }
    }

    private async Task<int> PurgeAsync(int diesAt, bool afterWriting)
    {
        var harness = Harness(new OrchestrationRegistry()
            .AddActivity(Effect, (_, n, _) => Task.FromResult(n + 1))
            .AddOrchestration(Long, async (context, turns) =>
            {
                var n = 0;
                while (n < turns)
                {
                    n = await context.CallAsync(Effect, n);
                }
                return n;
            }));
        var hub = await harness.StartAsync();
        // The first is more than one transaction can delete.
        var doomed = new[] { ("doomed1", 105), ("doomed2", 2) };
        foreach (var (id, turns) in doomed.Append(("kept", 1)))
        {
            await hub.StartAsync(Long, id, turns, Ct);
            await hub.WaitForCompletionAsync(id, Ct);
        }
        await UntilAsync(async () => await harness.CountLiveAsync() == 0);
        await harness.CrashAsync(hub);

        var when = When(diesAt, afterWriting);
        (hub, var writes) = await SurviveAsync(harness, diesAt, afterWriting, hub => hub.PurgeAsync(Doomed, Ct), async hub =>
        {
            foreach (var (id, turns) in doomed)
            {
                var state = await hub.GetAsync(id, Ct);
                Assert.True(state is null || state.Output == $"{turns}", $"{when}: half of an instance is shown");
            }
            // The id of one is used again, and the other one is purged by its id.
            var again = await hub.GetAsync("doomed1", Ct) is null ? 1 : 105;
            await hub.StartAsync(Long, "doomed1", again, Ct);
            Assert.True((await hub.WaitForCompletionAsync("doomed1", Ct)).Output == $"{again}", when);
            await hub.PurgeAsync("doomed2", Ct);
            Assert.True(await harness.CountRowsAsync("doomed2") == 0, when);
            Assert.True(await hub.PurgeAsync(Doomed, Ct) == 1, when);
        });
        foreach (var (id, _) in doomed)
        {
            Assert.True(await harness.CountRowsAsync(id) == 0, when);
        }
        Assert.True((await hub.GetAsync("kept", Ct))!.Output == "1", when);
        return writes;
    }
}
