using System.Text.Json.Nodes;
using Dweb.EndToEnd.Tests.Stack;
using Dweb.Local.Processes;
using Dweb.Local.Stack;

namespace Dweb.EndToEnd.Tests.BadInput;

/// <summary>A program whose surroundings are not there says what, where and what to do, ends with 1, and leaves the running stack alone.</summary>
[Trait("Category", "EndToEnd")]
[Collection(RealStack.Collection)]
public sealed class BadStarts(RealStack stack)
{
    private const string Nobody = "http://127.0.0.1:1";
    private const string NoStorage =
        $"DefaultEndpointsProtocol=http;AccountName=a;AccountKey=AAAA;TableEndpoint={Nobody}/a;QueueEndpoint={Nobody}/a;BlobEndpoint={Nobody}/a;";

    // A spoilt setting comes with a free port; without one, the settings are those of the control plane that runs.
    private static readonly Dictionary<string, (string Setting, string Value, string Where, string Hint)> ControlPlanes = new(StringComparer.Ordinal)
    {
        ["a port in use, by the same settings a second time"] = ("", "", "127.0.0.1:", "another port"),
        ["a chain that does not answer"] = ("Dweb__RpcUrl", Nobody, Nobody, "Check the endpoint"),
        ["a storage account that does not answer"] = ("AzureWebJobsStorage", NoStorage, Nobody, "AzureWebJobsStorage"),
        ["a storage account that the running control plane uses"] = ("Dweb__MinSettleWei", "0", "is held by another process", "Stop the other control plane"),
        ["a deployment that is not on the chain"] = ("Dweb__DeploymentFile", "nowhere.json", "nowhere.json", "Correct the named setting"),
    };

    private static readonly Dictionary<string, (string Setting, string Value, string Code, string Where)> Agents = new(StringComparer.Ordinal)
    {
        ["no Docker"] = ("engine", "\"unix:///nowhere/docker.sock\"", "engine-unreachable", "/nowhere/docker.sock"),
        ["a chain that does not answer"] = ("rpcUrls", $"[\"{Nobody}\"]", "chain-unreachable", "127.0.0.1:1"),
        ["a COE that nobody registered"] = ("coe", "\"0x" + "1111111111111111111111111111111111111111111111111111111111111111" + "\"", "coe-unknown", "0x1111"),
    };

    public static TheoryData<string> ControlPlaneNames => [.. ControlPlanes.Keys];

    public static TheoryData<string> AgentNames => [.. Agents.Keys];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(ControlPlaneNames))]
    public async Task A_control_plane_that_cannot_start_says_why(string name)
    {
        var (setting, value, where, hint) = ControlPlanes[name];
        await stack.ComeToRestAsync(Stop);
        var settings = new Dictionary<string, string>(stack.ControlPlaneSettings());
        if (setting.Length > 0)
        {
            settings["Dweb__ListenUrl"] = Addresses.Url(FreePorts.One());
            settings[setting] = value;
        }

        var before = await Snapshot.TakeAsync(stack, Stop);
        var said = await RunAsync(Launch.Dotnet(stack.Repository.Binary("functions", "dweb-functions")) with { Environment = settings });

        string[] lines = said.Split('\n');
        Assert.Contains(where, Assert.Single(lines, static l => l.StartsWith("error: ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains(hint, Assert.Single(lines, static l => l.StartsWith("hint: ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
        await before.AssertUnchangedAsync(stack, name, Stop);
    }

    [Theory]
    [MemberData(nameof(AgentNames))]
    public async Task An_agent_that_cannot_start_says_why(string name)
    {
        var (setting, value, code, where) = Agents[name];
        await stack.ComeToRestAsync(Stop);
        var settings = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(stack.State.Root, stack.Local.Hosts[0].Role.Agent + ".json"), Stop))!.AsObject();
        settings[setting] = JsonNode.Parse(value);
        settings["dataFolder"] = Directory.CreateDirectory(Path.Combine(stack.State.Root, "bad-agent")).FullName;
        string file = Path.Combine(stack.State.Root, "bad-agent.json");
        await File.WriteAllTextAsync(file, settings.ToJsonString(), Stop);

        var before = await Snapshot.TakeAsync(stack, Stop);
        var said = await RunAsync(Launch.Dotnet(stack.Repository.Binary("agent", "dweb-agent"), "--config", file));

        string line = Assert.Single(said.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith($"dweb-agent: {code}: ", line, StringComparison.Ordinal);
        Assert.Contains(where, line, StringComparison.Ordinal);
        await before.AssertUnchangedAsync(stack, name, Stop);
    }

    private async Task<string> RunAsync(Launch program)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(Deadline.Generous);
        var result = await stack.Tool.Run(program, heard: null, limit.Token);
        Assert.True(result.ExitCode == 1, $"exit code {result.ExitCode}\n{result.Output}{result.Errors}");
        return result.Output + result.Errors;
    }
}
