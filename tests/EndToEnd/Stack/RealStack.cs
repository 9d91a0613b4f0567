using System.Diagnostics;
using System.Globalization;
using Dweb.Local;
using Dweb.Local.Demo;
using Dweb.Local.Layout;
using Dweb.Local.Processes;
using Dweb.Local.Stack;
using Dweb.Local.Stack.Parts;
using Dweb.Local.Terminal;
using Spectre.Console;

namespace Dweb.EndToEnd.Tests.Stack;

[CollectionDefinition(RealStack.Collection)]
public sealed class RealStackCollection : ICollectionFixture<RealStack>;

/// <summary>
/// The whole local stack with its own state folder and ports, the demo's image published, and a user with escrow. The parts are the built
/// programs; unlike the launcher's supervisor, nothing here minds when a test kills one of them.
/// </summary>
public sealed class RealStack : IAsyncLifetime
{
    public const string Collection = "real stack";
    private const string ControlPlane = "functions";

    // An agent that a test restarts, or that a busy machine keeps waiting, is not lost.
    internal static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(6);
    private readonly Spawner _spawner = new();
    private readonly StringWriter _said = new(CultureInfo.InvariantCulture);
    private readonly List<Child> _restarted = [];
    private readonly Screen _screen;
    private LocalStack? _local;

    public RealStack()
    {
        Repository = Repository.Find(Environment.GetEnvironmentVariable("DWEB_ROOT"), AppContext.BaseDirectory);
        State = new StateFolder(Path.Combine(Repository.Generated, "e2e"));
        Tool = new Tool(_spawner);
        _screen = new Screen(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(_said) }), TimeProvider.System, interactive: false);
    }

    internal Repository Repository { get; }

    internal StateFolder State { get; }

    internal Tool Tool { get; }

    internal LocalStack Local => _local!;

    internal OnChain Chain { get; private set; } = null!;

    internal Api Api { get; private set; } = null!;

    internal Containers Containers => new(Tool, Local.Engine);

    /// <summary>Digest of the demo's image, <c>sha256:…</c>.</summary>
    internal string ImageDigest { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        foreach (string program in (string[])[Repository.Binary("functions", "dweb-functions"), Repository.Binary("agent", "dweb-agent"), Repository.Cli])
        {
            Assert.True(File.Exists(program), $"{program} is not built. './dweb test e2e' builds it.");
        }

        var stop = TestContext.Current.CancellationToken;
        _local = await LocalStack.Begin(Repository, State, _spawner, Tool, _screen, Heartbeat, Role.Members.Count, stop);
        try
        {
            await Bringup.Run(_local, _screen, stop);
            ImageDigest = await new Publication(Repository, State, _local.Cli, _screen).Publish(upstream: null, stop);
            await _local.Cli.Run(Role.User, stop, "wallet", "fund", Role.User, "1000");
            await _local.Cli.Run(Role.User, stop, "deposit", "100");
            Chain = new OnChain(_local);
            Api = new Api(new Uri(_local.Addresses.Endpoint));
        }
        catch (LocalException failure)
        {
            await DisposeAsync();
            throw new InvalidOperationException($"{failure.Message}\n{failure.Advice}\nBefore that:\n{_said}", failure);
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Api?.Dispose();
        Chain?.Dispose();
        foreach (var child in _restarted)
        {
            await child.Stop(CancellationToken.None);
        }

        if (_local is not null)
        {
            await _local.DisposeAsync();
            _local = null;
        }
    }

    /// <summary>Runs the command line as the owner of a wallet, with <c>--json</c> and nothing to approve.</summary>
    internal async Task<CliAnswer> CliAsync(string wallet, CancellationToken cancellationToken, params IReadOnlyList<string> arguments)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Deadline.Generous);
        try
        {
            var result = await Tool.Run(Local.Cli.Launch(wallet, [.. arguments, "--yes", "--json"]), heard: null, limit.Token);
            return new CliAnswer(result.ExitCode, result.Output, result.Errors);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"'dweb {string.Join(' ', arguments)}' did not end. {await StoryAsync(wallet, arguments, cancellationToken)}", late);
        }
    }

    /// <summary>What the control plane tells of the order that a command was about; for whoever reads of a failure.</summary>
    private async Task<string> StoryAsync(string wallet, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        if (arguments.SkipWhile(static argument => argument != "--name").Skip(1).FirstOrDefault() is not { } name)
        {
            return "";
        }

        var inspected = await Tool.Run(Local.Cli.Launch(wallet, ["inspect", name]), heard: null, cancellationToken);
        var events = await Tool.Run(Local.Cli.Launch(wallet, ["events", name]), heard: null, cancellationToken);
        return $"\n{inspected.Output}{inspected.Errors}{events.Output}{events.Errors}";
    }

    /// <summary>Ends the control plane as a power cut would; returns when it is gone.</summary>
    internal Task KillControlPlaneAsync(CancellationToken cancellationToken) => Local.KillControlPlane(cancellationToken);

    /// <summary>Returns when it takes orders again.</summary>
    internal Task StartControlPlaneAsync(CancellationToken cancellationToken) => Local.StartControlPlane(cancellationToken);

    internal Task KillAgentAsync(RegisteredHost host, CancellationToken cancellationToken) => KillAsync(host.Role.Agent, cancellationToken);

    internal bool IsAgentRunning(RegisteredHost host) => RecordOf(host.Role.Agent).Id.IsRunning;

    /// <summary>Starts the agent of a host again, with the same configuration and data folder.</summary>
    /// <param name="controlPlane">Port at which it looks for the control plane, where that is not its own.</param>
    /// <param name="beside">Addresses of other control planes that it serves too.</param>
    /// <param name="environment">Additions to its environment.</param>
    internal async Task StartAgentAsync(
        RegisteredHost host, int? controlPlane = null, IReadOnlyList<string>? beside = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var plan = new AgentPart(Repository, State, Local.Addresses with { ControlPlane = controlPlane ?? Local.Addresses.ControlPlane }, Local.Engine, Local.Wallets)
            .Plan(host.Role, host.Coe, Local.DeploymentFile, static _ => Task.FromResult(true), beside ?? []);
        var launch = environment is null ? plan.Launch : plan.Launch with { Environment = environment };
        _restarted.Add(await StartChildAsync(plan with { Launch = launch }));
    }

    /// <summary>Starts another part beside the stack's own; whoever starts it ends it.</summary>
    internal async Task<Child> StartPartAsync(PartPlan plan, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(State.DataOf(plan.Name));
        var child = await StartChildAsync(plan);
        await Deadline.UntilAsync($"{plan.Name} serves", async stop =>
        {
            Assert.False(child.HasEnded, LogTail.Of(child.Log));
            return await plan.IsReady(stop);
        }, cancellationToken);
        return child;
    }

    /// <summary>The settings that the running control plane was given.</summary>
    internal IReadOnlyDictionary<string, string> ControlPlaneSettings()
    {
        string file = $"/proc/{RecordOf(ControlPlane).Pid.ToString(CultureInfo.InvariantCulture)}/environ";
        return File.ReadAllText(file).Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .Select(static pair => pair.Split('=', 2))
            .Where(static pair => pair[0].StartsWith("Dweb__", StringComparison.Ordinal) || pair[0] == "AzureWebJobsStorage")
            .ToDictionary(static pair => pair[0], static pair => pair[1], StringComparer.Ordinal);
    }

    private RecordBook Records => new(State.Run);

    private ProcessRecord RecordOf(string part) => Records.Read().Single(r => r.Name == part);

    private Task<Child> StartChildAsync(PartPlan plan) =>
        Child.Start(_spawner, Records, plan.Name, order: 100 + _restarted.Count, plan.Ports, plan.Launch, State.Log(plan.Name));

    private async Task KillAsync(string part, CancellationToken cancellationToken)
    {
        var record = RecordOf(part);
        Assert.True(record.Id.IsRunning, $"{part} had ended by itself.\n{LogTail.Of(State.Log(part))}");
        using var process = Process.GetProcessById(record.Pid);
        process.Kill();
        await Deadline.UntilAsync($"{part} is gone", _ => Task.FromResult(!record.Id.IsRunning), cancellationToken);
    }
}
