using Dweb.Durable.Tests.Fixtures;

namespace Dweb.Durable.Tests.Hub;

public sealed class RewindTests(Azurite azurite) : HubTest(azurite)
{
    private static readonly OrchestrationDefinition<int, int> Top = Defs.IntToInt("Top");
    private static readonly OrchestrationDefinition<int, int> Child = Defs.IntToInt("Child");
    private static readonly ActivityDefinition<int, int> Mended = Defs.Double with { Name = "Mended" };
    private readonly List<string> _runs = [];
    private bool _isMended;

    [Fact]
    public async Task A_failed_instance_goes_on_from_its_failed_activity_and_repeats_nothing_else()
    {
        var harness = Harness(Activities().AddOrchestration(Top, async (context, n) =>
            await context.CallAsync(Defs.Double, n) + await context.CallAsync(Mended, n) + await context.WaitForEventAsync(Defs.Number)));
        var hub = await FailedAsync(harness);
        await hub.RewindAsync("i", "mended", Ct);
        Assert.Equal(OrchestrationStatus.Running, (await hub.GetAsync("i", Ct))!.Status);
        await hub.RaiseEventAsync("i", Defs.Number, 1_000, "e", Ct);

        var end = await hub.WaitForCompletionAsync("i", Ct);
        Assert.Equal((OrchestrationStatus.Completed, "1102", null), (end.Status, end.Output, end.Failure));
        Assert.Equal(["Double 1", "Mended 1", "Mended 1"], _runs);
        await UntilAsync(async () => await harness.CountLiveAsync() == 0);
    }

    [Fact]
    public async Task A_rewind_goes_down_to_failed_children_and_their_results_come_up_again()
    {
        var harness = Harness(Activities()
            .AddOrchestration(Child, async (context, n) => await context.CallAsync(Mended, n))
            .AddOrchestration(Top, async (context, n) => (await Task.WhenAll(
                context.CallSubOrchestrationAsync(Child, n, "c1"), context.CallAsync(Defs.Double, n), context.CallSubOrchestrationAsync(Child, 2 * n, "c2"))).Sum()));
        var hub = await FailedAsync(harness);
        await hub.RewindAsync("i", null, Ct);

        Assert.Equal("302", (await hub.WaitForCompletionAsync("i", Ct)).Output);
        Assert.Equal(OrchestrationStatus.Completed, (await hub.WaitForCompletionAsync("c1", Ct)).Status);
    }

    [Fact]
    public async Task A_purged_child_begins_again_and_one_that_ended_meanwhile_tells_its_end()
    {
        var harness = Harness(Activities()
            .AddOrchestration(Child, async (context, n) => n == 1 ? await context.CallAsync(Mended, n) : await context.WaitForEventAsync(Defs.Number))
            .AddOrchestration(Top, async (context, n) =>
            {
                var patient = context.CallSubOrchestrationAsync(Child, 2, "patient");
                return await context.CallSubOrchestrationAsync(Child, n, "hasty") + await patient;
            }));
        var hub = await FailedAsync(harness);
        await hub.RaiseEventAsync("patient", Defs.Number, 7, "e", Ct);
        await hub.WaitForCompletionAsync("patient", Ct);
        await hub.PurgeAsync("hasty", Ct);
        await hub.RewindAsync("i", null, Ct);

        Assert.Equal("107", (await hub.WaitForCompletionAsync("i", Ct)).Output);
    }

    [Fact]
    public async Task An_instance_that_fails_again_can_be_rewound_again()
    {
        var harness = Harness(Activities().AddOrchestration(Top, (context, n) => context.CallAsync(Mended, n)));
        var hub = await FailedAsync(harness, mend: false);
        await hub.RewindAsync("i", "once", Ct);
        Assert.Equal(OrchestrationStatus.Failed, (await hub.WaitForCompletionAsync("i", Ct)).Status);
        _isMended = true;
        await hub.RewindAsync("i", "twice", Ct);

        Assert.Equal("100", (await hub.WaitForCompletionAsync("i", Ct)).Output);
    }

    [Fact]
    public async Task What_has_not_failed_is_not_rewound()
    {
        var hub = await Harness(Activities().AddOrchestration(Top, (_, n) => Task.FromResult(n))).StartAsync();
        await hub.StartAsync(Top, "i", 1, Ct);
        await hub.WaitForCompletionAsync("i", Ct);

        await Assert.ThrowsAsync<OrchestrationConflictException>(() => hub.RewindAsync("i", null, Ct));
        await Assert.ThrowsAsync<OrchestrationNotFoundException>(() => hub.RewindAsync("nobody", null, Ct));
    }

    [Fact]
    public async Task An_instance_that_is_rewound_before_its_end_is_finished_takes_events_at_once()
    {
        var finish = new TaskCompletionSource();
        var harness = Harness(Activities().AddOrchestration(Top, async (context, n) => await context.CallAsync(Mended, n) + await context.WaitForEventAsync(Defs.Number)));
        var hub = await harness.StartAsync(inner => new StoreBetween(inner) { DeletingLive = () => finish.Task });
        await hub.StartAsync(Top, "i", 1, Ct);
        await hub.WaitForCompletionAsync("i", Ct);
        _isMended = true;
        var rewind = hub.RewindAsync("i", null, Ct);
        await UntilAsync(async () => await harness.CountInboxAsync("i") == 1);
        finish.SetResult();
        await rewind;
        await hub.RaiseEventAsync("i", Defs.Number, 5, "e", Ct);

        Assert.Equal("105", (await hub.WaitForCompletionAsync("i", Ct)).Output);
    }

    [Fact]
    public async Task A_rewind_whose_commit_was_not_answered_is_found_to_be_done()
    {
        var answers = true;
        var harness = Harness(Activities().AddOrchestration(Top, async (context, n) => await context.CallAsync(Mended, n) + await context.WaitForEventAsync(Defs.Number)));
        var hub = await harness.StartAsync(inner => new StoreBetween(inner)
        {
            Submitted = () => Interlocked.Exchange(ref answers, true) ? Task.CompletedTask : throw new TimeoutException("no answer"),
        });
        await FailedAsync(harness, hub);
        Volatile.Write(ref answers, false);
        await hub.RewindAsync("i", null, Ct);
        await hub.RaiseEventAsync("i", Defs.Number, 5, "e", Ct);

        Assert.Equal("105", (await hub.WaitForCompletionAsync("i", Ct)).Output);
    }

    [Fact]
    public async Task Rewinds_at_the_same_time_are_one()
    {
        var hub = await FailedAsync(Harness(Activities().AddOrchestration(Top, async (context, n) => await context.CallAsync(Mended, n) + await context.WaitForEventAsync(Defs.Number))));
        await Task.WhenAll(Enumerable.Range(0, 5).Select(async _ =>
        {
            try
            {
                await hub.RewindAsync("i", null, Ct);
            }
            catch (OrchestrationConflictException)
            {
                // It ran already when it was looked at.
                Assert.Equal(OrchestrationStatus.Running, (await hub.GetAsync("i", Ct))!.Status);
            }
        }));
        await hub.RaiseEventAsync("i", Defs.Number, 5, "e", Ct);

        Assert.Equal("105", (await hub.WaitForCompletionAsync("i", Ct)).Output);
        Assert.Equal(["Mended 1", "Mended 1"], _runs);
    }

    [Fact]
    public async Task A_child_that_was_terminated_says_so_again_to_its_rewound_parent()
    {
        var harness = Harness(Activities()
            .AddOrchestration(Child, (context, _) => context.WaitForEventAsync(Defs.Number))
            .AddOrchestration(Top, (context, n) => context.CallSubOrchestrationAsync(Child, n, "c")));
        var hub = await harness.StartAsync();
        await hub.StartAsync(Top, "i", 1, Ct);
        await UntilAsync(async () => await hub.GetAsync("c", Ct) is not null);
        await hub.TerminateAsync("c", "enough", Ct);
        await hub.WaitForCompletionAsync("i", Ct);
        await hub.RewindAsync("i", null, Ct);

        Assert.Equal(OrchestrationStatus.Failed, (await hub.WaitForCompletionAsync("i", Ct)).Status);
        await UntilAsync(async () => await harness.CountLiveAsync() == 0);
    }

    [Fact]
    public async Task An_instance_that_only_has_the_id_of_a_child_is_left_alone()
    {
        var harness = Harness(Activities()
            .AddOrchestration(Child, (context, n) => context.CallAsync(Mended, n))
            .AddOrchestration(Top, (context, n) => context.CallSubOrchestrationAsync(Child, n, "taken")));
        var hub = await harness.StartAsync();
        await hub.StartAsync(Child, "taken", 7, Ct);
        await hub.WaitForCompletionAsync("taken", Ct);
        await FailedAsync(harness, hub);
        await hub.RewindAsync("i", null, Ct);

        var end = await hub.WaitForCompletionAsync("i", Ct);
        Assert.Contains("'taken' is taken", end.Failure!.Message, StringComparison.Ordinal);
        Assert.Equal(OrchestrationStatus.Failed, (await hub.GetAsync("taken", Ct))!.Status);
    }

    [Fact]
    public async Task A_purge_and_a_rewind_of_one_instance_do_not_both_happen()
    {
        var (begun, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        var harness = Harness(Activities().AddOrchestration(Top, (context, n) => context.CallAsync(Mended, n)));
        var hub = await harness.StartAsync(inner => new StoreBetween(inner)
        {
            DeletingBlobs = () =>
            {
                begun.TrySetResult();
                return go.Task;
            },
        });
        await FailedAsync(harness, hub);
        await UntilAsync(async () => await harness.CountLiveAsync() == 0);
        var purge = hub.PurgeAsync("i", Ct);
        await begun.Task;

        await Assert.ThrowsAsync<OrchestrationNotFoundException>(() => hub.RewindAsync("i", null, Ct));
        Assert.Empty(await hub.ListAsync(new(), Ct).ToListAsync(Ct));
        go.SetResult();
        await purge;
        Assert.Null(await hub.GetAsync("i", Ct));
    }

    [Fact]
    public async Task A_purge_by_query_does_not_wait_for_what_was_rewound()
    {
        var hub = await FailedAsync(Harness(Activities().AddOrchestration(Top, async (context, n) => await context.CallAsync(Mended, n) + await context.WaitForEventAsync(Defs.Number))));
        var purge = hub.PurgeAsync(new OrchestrationQuery { Statuses = [OrchestrationStatus.Failed] }, Ct);
        var isRewound = true;
        try
        {
            await hub.RewindAsync("i", null, Ct);
        }
        catch (OrchestrationNotFoundException)
        {
            isRewound = false;
        }

        Assert.Equal(isRewound ? 0 : 1, await purge);
        Assert.Equal(isRewound, await hub.GetAsync("i", Ct) is not null);
    }

    private OrchestrationRegistry Activities() => new OrchestrationRegistry()
        .AddActivity(Defs.Double, (context, n, _) => Task.FromResult(Ran(context, n) * 2))
        .AddActivity(Mended, (context, n, _) => _isMended | Ran(context, n) < 0 ? Task.FromResult(100 * n) : throw new TimeoutException("not yet"));

    private int Ran(ActivityContext context, int n)
    {
        lock (_runs)
        {
            _runs.Add($"{context.Name} {n}");
        }
        return n;
    }

    private async Task<EmbeddedHub> FailedAsync(HubHarness harness, EmbeddedHub? started = null, bool mend = true)
    {
        var hub = started ?? await harness.StartAsync();
        await hub.StartAsync(Top, "i", 1, Ct);
        Assert.Equal(OrchestrationStatus.Failed, (await hub.WaitForCompletionAsync("i", Ct)).Status);
        _isMended = mend;
        return hub;
    }
}
