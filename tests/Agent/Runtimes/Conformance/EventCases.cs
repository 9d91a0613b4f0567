using Dweb.Agent.Runtimes;
using Dweb.Agent.Tests.Support;
using Dweb.Core.Protocol;

namespace Dweb.Agent.Tests.Runtimes.Conformance;

/// <summary>The engine's word that something happened.</summary>
public abstract class EventCases(RuntimeUnderTest engine) : RuntimeCases(engine)
{
    [Case]
    public async Task They_name_the_container_to_which_something_happened()
    {
        await using var watch = await WatchAsync(Engine.Coe);
        (var plan, string id) = await Engine.StartAsync(Engine.Plan("true"), Cancel);
        await watch.UntilAsync(plan.Name, times: 1);
        await Engine.UntilExitedAsync(id, Cancel);
    }

    [Case]
    public async Task An_end_is_told_to_one_who_waits()
    {
        (var plan, string id) = await Engine.StartAsync(Engine.Plan("sleep", "1000"), Cancel);
        await using var watch = await WatchAsync(Engine.Coe);
        using (var process = System.Diagnostics.Process.GetProcessById((await Engine.InspectAsync(id, Cancel)).Pid))
        {
            process.Kill();
        }

        await watch.UntilAsync(plan.Name, times: 1);
        await Engine.UntilExitedAsync(id, Cancel);
    }

    [Case]
    public async Task A_removal_is_told()
    {
        string id = await Runtime.CreateAsync(Engine.Plan("sleep", "1000"), Cancel);
        string name = (await Engine.InspectAsync(id, Cancel)).Name;
        await using var watch = await WatchAsync(Engine.Coe);
        await Runtime.RemoveAsync(id, Cancel);
        await watch.UntilAsync(name, times: 1);
    }

    [Case]
    public async Task What_happens_to_another_COE_is_not_told()
    {
        var other = Keccak256.Hash("other " + Engine.Coe);
        await using var watch = await WatchAsync(Engine.Coe);
        var foreign = Engine.Plan("true") with { Coe = other };
        try
        {
            (_, string id) = await Engine.StartAsync(foreign, Cancel);
            await Engine.UntilExitedAsync(id, Cancel);
        }
        finally
        {
            await Engine.RemoveAllAsync(other);
        }

        (var own, _) = await Engine.StartAsync(Engine.Plan("true"), Cancel);
        await watch.UntilAsync(own.Name, times: 1);
        Assert.DoesNotContain(foreign.Name, watch.Seen);
    }

    [Case]
    public async Task Two_may_listen()
    {
        await using var one = await WatchAsync(Engine.Coe);
        await using var two = await WatchAsync(Engine.Coe);
        (var plan, _) = await Engine.StartAsync(Engine.Plan("true"), Cancel);
        await one.UntilAsync(plan.Name, times: 1);
        await two.UntilAsync(plan.Name, times: 1);
    }

    [Case]
    public async Task Where_nobody_listens_watching_says_so()
    {
        using var runtime = Engine.Open(new Uri("unix:///nowhere/engine.sock"));
        var failure = await Assert.ThrowsAsync<RuntimeException>(async () =>
        {
            await foreach (string? name in runtime.WatchAsync(Engine.Coe, Cancel))
            {
                Assert.Fail(name);
            }
        });
        Assert.Equal(RuntimeFault.Unreachable, failure.Fault);
    }

    /// <summary>Returns once nothing is missed any more, whether the engine listens already or not.</summary>
    private async Task<Watch> WatchAsync(Hash32 coe)
    {
        var watch = new Watch(Runtime, coe, Cancel);
        await watch.Listening.WaitAsync(Cancel);
        return watch;
    }

    private sealed class Watch : IAsyncDisposable
    {
        private readonly CancellationTokenSource ended;
        private readonly Task reading;
        private readonly Lock gate = new();
        private readonly List<string> seen = [];
        private readonly TaskCompletionSource listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private TaskCompletionSource more = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Watch(IContainerRuntime runtime, Hash32 coe, CancellationToken cancellationToken)
        {
            ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            reading = Task.Run(() => ReadAsync(runtime, coe), cancellationToken);
        }

        public Task Listening => listening.Task;

        public IReadOnlyList<string> Seen
        {
            get
            {
                lock (gate)
                {
                    return [.. seen];
                }
            }
        }

        public async Task UntilAsync(string name, int times)
        {
            while (true)
            {
                Task next;
                lock (gate)
                {
                    next = more.Task;
                    if (seen.Count(other => other == name) >= times)
                    {
                        return;
                    }
                }

                await next.WaitAsync(ended.Token);
            }
        }

        public async ValueTask DisposeAsync()
        {
            await ended.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
            ended.Dispose();
        }

        private async Task ReadAsync(IContainerRuntime runtime, Hash32 coe)
        {
            await foreach (string? name in runtime.WatchAsync(coe, ended.Token))
            {
                if (name is null)
                {
                    listening.SetResult();
                    continue;
                }

                TaskCompletionSource last;
                lock (gate)
                {
                    seen.Add(name);
                    last = more;
                    more = new(TaskCreationOptions.RunContinuationsAsynchronously);
                }

                last.TrySetResult();
            }
        }
    }
}
