using System.Globalization;
using System.Text.Json;
using Dweb.EndToEnd.Tests.Stack;
using Dweb.Local.Layout;
using Dweb.Local.Processes;
using Dweb.Local.Stack;

namespace Dweb.EndToEnd.Tests.Outages;

/// <summary>
/// A part stands still while one deployment runs and another one is on its way: its connections hang, which is worse than a part that is gone. Afterwards
/// everything goes on, nothing happened twice, and the control plane's log has told it once.
/// </summary>
[Trait("Category", "EndToEnd")]
[Collection(RealStack.Collection)]
public sealed class PartsFallSilent(RealStack stack)
{
    private const string Region = "eu-central";
    private const string Engine = "engine";
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    // A usual run takes one of the two on which everything depends.
    private static readonly string[] Parts = ["anvil", "azurite"];
    private static int count;
    private readonly Dictionary<string, string> again = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_part_that_is_silent_for_a_moment_stops_nothing_for_good()
    {
        string part = Parts[new Random(Chance.Seed).Next(Parts.Length)];
        TestContext.Current.SendDiagnosticMessage($"One of {string.Join(", ", Parts)} is silent: {part}, seed {Chance.Seed} (DWEB_SEED).");
        await FallSilentAsync(part, Short);
    }

    [Theory(Explicit = true)]
    [InlineData("anvil")]
    [InlineData("azurite")]
    [InlineData("registry")]
    [InlineData("functions")]
    [InlineData(Engine)]
    public Task A_part_that_is_silent_for_half_a_minute_stops_nothing_for_good(string part) => FallSilentAsync(part, Long);

    private async Task FallSilentAsync(string part, TimeSpan time)
    {
        await stack.ComeToRestAsync(Stop);
        string steady = await DeployAsync("steady", Compose.Single("demo/web", Region));
        var lease = await Leases.OnlyOneAsync(stack, steady, Stop);
        var container = Assert.Single(await stack.Containers.ListAsync(stack.Local.Hosts.Select(static h => h.Coe), Stop));
        await Leases.PaidAsync(stack, lease, moreThan: 0, Stop);
        string log = stack.State.Log("functions");
        long from = LogBlocks.LengthOf(log);

        var deploying = DeployAsync("late", Compose.Single("demo/web", Region, cpus: "0.3"));
        await SilenceAsync(part, time);
        string late = await deploying;
        uint paid = (await stack.Chain.Book.SettledOfAsync(lease, cancellationToken: Stop)).SecondsRun;
        await Leases.PaidAsync(stack, lease, paid, Stop);
        await Leases.PaidAsync(stack, await Leases.OnlyOneAsync(stack, late, Stop), moreThan: 0, Stop);

        Assert.Equal(lease, await Leases.OnlyOneAsync(stack, steady, Stop));
        Assert.Contains(container, await stack.Containers.ListAsync(stack.Local.Hosts.Select(static h => h.Coe), Stop));
        Assert.Equal(2, (await stack.Containers.ListAsync(stack.Local.Hosts.Select(static h => h.Coe), Stop)).Count);
        var told = LogBlocks.Warnings(log, from);
        Assert.True(told.Distinct().Count() == told.Count, $"told more than once:\n{string.Join("\n\n", told)}");
        foreach (string order in (string[])[steady, late])
        {
            (await stack.CliAsync(Role.User, Stop, "close", order, "--wait")).Json();
        }
    }

    /// <summary>Deploys and waits until it runs; what could not be asked meanwhile is asked again, which makes no second order.</summary>
    private async Task<string> DeployAsync(string name, string compose)
    {
        string file = Compose.Write(stack, name + ".yaml", compose);
        JsonElement? found = null;
        await Deadline.UntilAsync($"'{name}' runs", async stop =>
        {
            var answer = await stack.CliAsync(Role.User, stop, "deploy", file, "--name", name, "--again", Again(name), "--wait");
            found = answer.ExitCode == 0 ? answer.Json() : null;
            Assert.True(found is not null || answer.Problem().Status >= 500, answer.Errors);
            return found is not null;
        }, Stop);
        return found!.Value.GetProperty("orderHash").GetString()!;
    }

    // Each test of this class deploys the same files anew.
    private string Again(string name) => again.TryGetValue(name, out string? number)
        ? number
        : again[name] = Interlocked.Increment(ref count).ToString(CultureInfo.InvariantCulture);

    private async Task SilenceAsync(string part, TimeSpan time)
    {
        int pid = part == Engine ? EnginePid() : -new RecordBook(stack.State.Run).Read().Single(r => r.Name == part).Pid;
        await SignalAsync("STOP", pid);
        try
        {
            await Task.Delay(time, Stop);
        }
        finally
        {
            await SignalAsync("CONT", pid);
        }
    }

    /// <summary>The one that was started for the tests, or the machine's own.</summary>
    private int EnginePid()
    {
        var own = new RecordBook(new StateFolder(Path.Combine(stack.Repository.Generated, "test-engine")).Run).Read();
        return own.Count > 0 ? own[0].Pid : int.Parse(File.ReadAllText("/var/run/docker.pid"), CultureInfo.InvariantCulture);
    }

    private Task<string> SignalAsync(string signal, int pid) => stack.Tool.Require(
        new Launch("bash", ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -{signal} -- {pid}")]), "The test has to run as root.", CancellationToken.None);
}
