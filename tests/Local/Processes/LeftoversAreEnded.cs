using System.Diagnostics;
using Dweb.Local.Layout;
using Dweb.Local.Processes;
using Dweb.Local.Stack;

namespace Dweb.Local.Tests.Processes;

[Trait("Category", "Integration")]
public sealed class LeftoversAreEnded : IDisposable
{
    private static readonly Dictionary<string, int> NoPorts = [];
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_part_that_a_crashed_start_left_running_is_ended_by_the_next()
    {
        using var left = StartOrphan();
        var state = new StateFolder(_folder.Path);
        var id = ProcessId.Of(left.Id)!.Value;
        new RecordBook(state.Run).Write(new ProcessRecord("sleeper", id.Pid, id.StartTime, 1, NoPorts));

        await using var next = await Supervisor.Take(new Spawner(), state, Stop);

        Assert.Equal(["sleeper"], next.Leftovers);
        Assert.False(id.IsRunning);
        Assert.Empty(new RecordBook(state.Run).Read());
    }

    [Fact]
    public async Task A_stranger_with_a_recorded_number_but_another_start_time_is_left_alone()
    {
        using var stranger = StartOrphan();
        var state = new StateFolder(_folder.Path);
        var id = ProcessId.Of(stranger.Id)!.Value;
        new RecordBook(state.Run).Write(new ProcessRecord("sleeper", id.Pid, id.StartTime - 1, 1, NoPorts));

        await using (var next = await Supervisor.Take(new Spawner(), state, Stop))
        {
            Assert.Empty(next.Leftovers);
        }

        Assert.True(id.IsRunning);
        await Ending.End(id, TimeSpan.FromSeconds(5), Stop);
    }

    [Fact]
    public async Task Parts_end_in_reverse_order_and_their_records_go()
    {
        var state = new StateFolder(_folder.Path);
        var book = new RecordBook(state.Run);
        var ended = Path.Combine(_folder.Path, "ended");
        await using (var supervisor = await Supervisor.Take(new Spawner(), state, Stop))
        {
            foreach (var name in (string[])["first", "second", "third"])
            {
                var up = Path.Combine(_folder.Path, name);
                var script = $"trap 'echo {name} >>\"$0\"; exit 0' TERM; touch \"$1\"; while :; do sleep 0.05; done";
                await supervisor.Start(new PartPlan(name, new Launch("sh", "-c", script, ended, up), _ => Task.FromResult(File.Exists(up))), Stop);
            }

            Assert.Equal(["third", "second", "first"], book.Read().Select(r => r.Name));
        }

        Assert.Equal(["third", "second", "first"], await File.ReadAllLinesAsync(ended, Stop));
        Assert.Empty(book.Read());
    }

    [Fact]
    public async Task A_part_that_ignores_the_request_is_killed()
    {
        var up = Path.Combine(_folder.Path, "up");
        using var stubborn = Start("setsid", "sh", "-c", "trap '' TERM; touch \"$0\"; while :; do sleep 0.05; done", up);
        Assert.True(SpinWait.SpinUntil(() => File.Exists(up), TimeSpan.FromSeconds(30)));
        var id = ProcessId.Of(stubborn.Id)!.Value;
        Assert.False(await Ending.End(id, TimeSpan.FromMilliseconds(200), Stop));
        Assert.False(id.IsRunning);
    }

    [Fact]
    public async Task A_part_that_ends_before_it_serves_fails_with_its_last_words_and_its_log()
    {
        var state = new StateFolder(_folder.Path);
        await using var supervisor = await Supervisor.Take(new Spawner(), state, Stop);
        var plan = new PartPlan("storage", new Launch("sh", "-c", "echo 'port 4711 is in use' >&2; exit 3"), _ => Task.FromResult(false)) { Advice = "Free the port." };

        var failure = await Assert.ThrowsAsync<LocalException>(() => supervisor.Start(plan, Stop));

        Assert.Contains("storage", failure.Message, StringComparison.Ordinal);
        Assert.Contains("port 4711 is in use", failure.Message, StringComparison.Ordinal);
        Assert.Contains(state.Log("storage"), failure.Message, StringComparison.Ordinal);
        Assert.Equal("Free the port.", failure.Advice);
    }

    [Fact]
    public async Task A_part_that_never_serves_fails_at_its_deadline_and_is_ended()
    {
        var state = new StateFolder(_folder.Path);
        ProcessRecord record;
        await using (var supervisor = await Supervisor.Take(new Spawner(), state, Stop))
        {
            var plan = new PartPlan("storage", new Launch("sleep", "1000"), _ => Task.FromResult(false)) { Deadline = TimeSpan.FromMilliseconds(100) };
            await Assert.ThrowsAsync<LocalException>(() => supervisor.Start(plan, Stop));
            record = Assert.Single(new RecordBook(state.Run).Read());
            Assert.True(record.Id.IsRunning);
        }

        Assert.False(record.Id.IsRunning);
    }

    [Fact]
    public async Task A_folder_has_one_stack_at_a_time()
    {
        var state = new StateFolder(_folder.Path);
        await using var first = await Supervisor.Take(new Spawner(), state, Stop);
        var failure = await Assert.ThrowsAsync<LocalException>(() => Supervisor.Take(new Spawner(), state, Stop));
        Assert.Contains("dweb local down", failure.Advice, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>A process in a group of its own that nobody asks to end when its starter goes.</summary>
    private static Process StartOrphan() => Start("setsid", "sleep", "1000");

    private static Process Start(string program, params string[] arguments) => Process.Start(program, arguments);
}
