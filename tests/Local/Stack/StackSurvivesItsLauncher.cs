using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Dweb.Local.Layout;
using Dweb.Local.Processes;

namespace Dweb.Local.Tests.Stack;

/// <summary>The whole stack, started and ended as a person would, in a folder of its own beside any other stack.</summary>
[Trait("Category", "EndToEnd")]
public sealed class StackSurvivesItsLauncher : IAsyncLifetime
{
    private readonly TemporaryFolder _state = new();
    private readonly Tool _tool = new(new Spawner());
    private readonly Repository _repository = Repository.Find(named: null, AppContext.BaseDirectory);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_killed_supervisor_leaves_nothing_that_the_next_start_does_not_end()
    {
        await Succeed("local", "up");
        var first = await Status();
        Assert.Equal(["azurite", "anvil", "registry", "functions", "agent-1", "agent-2", "agent-3"], Names(first).Intersect(Expected, StringComparer.Ordinal).OrderBy(n => Array.IndexOf(Expected, n)));
        var processes = Processes(first);
        Assert.All(processes, p => Assert.True(p.IsRunning));

        KillSupervisor();
        await Succeed("local", "up");

        Assert.All(processes, p => Assert.False(p.IsRunning));
        var second = await Status();
        Assert.Equal(Names(first).Order(StringComparer.Ordinal), Names(second).Order(StringComparer.Ordinal));

        var running = Processes(second);
        await Succeed("local", "down");
        Assert.All(running, p => Assert.False(p.IsRunning));
        Assert.Equal(3, (await Dweb("local", "status")).ExitCode);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _tool.Run(Launcher("local", "reset"), heard: null, CancellationToken.None);
        _state.Dispose();
    }

    private static readonly string[] Expected = ["azurite", "anvil", "registry", "functions", "agent-1", "agent-2", "agent-3"];

    private static IReadOnlyList<string> Names(JsonElement status) => [.. status.GetProperty("parts").EnumerateArray().Select(p => p.GetProperty("name").GetString()!)];

    private static IReadOnlyList<ProcessId> Processes(JsonElement status) =>
        [.. status.GetProperty("parts").EnumerateArray().Select(p => ProcessId.Of(p.GetProperty("pid").GetInt32())!.Value)];

    private void KillSupervisor()
    {
        var record = Assert.Single(new RecordBook(Path.Combine(_state.Path, "supervisor")).Read());
        using var supervisor = Process.GetProcessById(record.Pid);
        supervisor.Kill();
        supervisor.WaitForExit();
    }

    private async Task<JsonElement> Status()
    {
        using var document = JsonDocument.Parse((await Succeed("local", "status", "--json")).Output);
        return document.RootElement.Clone();
    }

    private async Task<ToolResult> Succeed(params string[] arguments)
    {
        var result = await Dweb(arguments);
        Assert.True(result.Succeeded, string.Create(CultureInfo.InvariantCulture, $"dweb {string.Join(' ', arguments)} ended with {result.ExitCode}:\n{result.Output}{result.Errors}"));
        return result;
    }

    private Task<ToolResult> Dweb(params string[] arguments) => _tool.Run(Launcher(arguments), heard: null, Stop);

    private Launch Launcher(params string[] arguments) => new(_repository.Launcher, arguments)
    {
        Environment = new Dictionary<string, string> { ["DWEB_STATE"] = _state.Path },
    };
}
