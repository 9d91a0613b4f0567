using Dweb.Local.Processes;

namespace Dweb.Local.Tests.Processes;

[Trait("Category", "Integration")]
public sealed class ToolsLeaveNothing
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_tool_gives_back_its_code_output_and_errors()
    {
        var result = await new Tool(new Spawner()).Run(new Launch("sh", "-c", "cat; echo out; echo err >&2; exit 7") { Input = "in\n" }, heard: null, Stop);
        Assert.Equal((7, "in\nout\n", "err\n"), (result.ExitCode, result.Output, result.Errors));
    }

    [Fact]
    public async Task A_tool_that_is_stopped_takes_what_it_started_with_it()
    {
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var grandchild = new TaskCompletionSource<int>();
        var running = new Tool(new Spawner()).Run(
            new Launch("sh", "-c", "sleep 1000 & echo $!; wait"), line => grandchild.TrySetResult(int.Parse(line, System.Globalization.CultureInfo.InvariantCulture)), interrupt.Token);
        var id = ProcessId.Of(await grandchild.Task)!.Value;

        await interrupt.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.True(SpinWait.SpinUntil(() => !id.IsRunning, TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_named()
    {
        var result = await new Tool(new Spawner()).Run(new Launch("dweb-no-such-program"), heard: null, Stop);
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("dweb-no-such-program", result.Errors, StringComparison.Ordinal);
    }
}
