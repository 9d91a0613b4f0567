using System.Text.Json;
using System.Text.Json.Nodes;
using Dweb.Agent.Doctor;
using Dweb.Agent.Startup;
using Dweb.Agent.Tests.Whole;
using Dweb.Core.Doctor;

namespace Dweb.Agent.Tests.Doctor;

/// <summary>The doctor of a host, as its command line starts it, at a real engine, chain and registry.</summary>
[Trait("Category", "Integration")]
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
[Collection(World.Collection)]
public sealed class HostExaminationTests(World world)
{
    // What the test's COE offers may be more than the machine of the test has.
    private const string OfTheMachine = "capacity";
    private readonly CancellationToken cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_host_whose_agent_runs_and_is_heard_is_well()
    {
        await using var coe = await FoundAsync();
        await using (await coe.StartAsync(cancel))
        {
            while (coe.Plane.Heartbeats.IsEmpty)
            {
                await Task.Delay(20, cancel);
            }

            var findings = (await ExamineAsync(coe)).Where(static finding => finding.Check != OfTheMachine).ToList();
            Assert.DoesNotContain(findings, static finding => finding.State is FindingState.Wrong or FindingState.Skipped);
            Assert.Equal(["chain nodes"], findings.Where(static finding => finding.State == FindingState.Warning).Select(static finding => finding.Check));
            Assert.Contains(findings, finding => finding is { Check: "key" } && finding.Detail.Contains(coe.Key.Address.ToString(), StringComparison.Ordinal));
        }

        var stopped = await ExamineAsync(coe);
        Assert.Contains(stopped, static finding => finding is { Check: "data folder", State: FindingState.Warning });
    }

    [Theory]
    [InlineData("engine", "\"unix:///nowhere/docker.sock\"", "engine")]
    [InlineData("coe", "\"0x1111111111111111111111111111111111111111111111111111111111111111\"", "registration")]
    [InlineData("registry", "\"127.0.0.1:1\"", "registry")]
    [InlineData("controlPlane", "\"http://127.0.0.1:1\"", "control plane")]
    [InlineData("members", "[\"http://127.0.0.1:1\"]", "scheduler member")]
    [InlineData("rpcUrls", "[\"http://127.0.0.1:1\"]", "chain nodes")]
    [InlineData("publicAddress", "\"everywhere\"", "settings")]
    public async Task What_is_wrong_is_named_with_its_mend_and_the_rest_is_looked_at(string setting, string value, string check)
    {
        await using var coe = await FoundAsync();
        coe.Config[setting] = JsonNode.Parse(value);
        var findings = await ExamineAsync(coe);
        Assert.Contains(findings, finding => finding.Check == check && finding is { State: FindingState.Wrong, Mend.Length: > 0 });
        Assert.True(check == "settings" || findings.Count > 8, string.Join('\n', findings));
    }

    [Fact]
    public async Task A_keystore_that_others_can_read_and_a_password_that_does_not_open_it_are_named_without_it()
    {
        await using var coe = await FoundAsync();
        await File.WriteAllTextAsync(Path.Combine(coe.Home, "password"), "guess", cancel);
        File.SetUnixFileMode(Path.Combine(coe.Home, "key.json"), UnixFileMode.UserRead | UnixFileMode.OtherRead);
        var findings = await ExamineAsync(coe);
        Assert.Equal(["key", "keystore"], findings.Where(static finding => finding.State == FindingState.Wrong && finding.Check != OfTheMachine).Select(static finding => finding.Check));
        Assert.Contains(findings, static finding => finding is { Check: "registration", State: FindingState.Skipped });
        Assert.DoesNotContain(findings, static finding => finding.ToString().Contains("guess", StringComparison.Ordinal));
    }

    private async Task<Coe> FoundAsync()
    {
        var coe = await world.FoundAsync(cancel);
        coe.Plane.LeaseBook = world.Chain.Book.Address;
        foreach (string secret in (string[])["key.json", "password"])
        {
            File.SetUnixFileMode(Path.Combine(coe.Home, secret), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return coe;
    }

    private async Task<IReadOnlyList<Finding>> ExamineAsync(Coe coe)
    {
        string path = Path.Combine(coe.Home, "agent.json");
        await File.WriteAllTextAsync(path, coe.Config.ToJsonString(), cancel);
        using var output = new StringWriter();
        int code = await AgentProgram.RunAsync(["--doctor", "--json", "--config", path], output, TextWriter.Null, cancel);
        var findings = JsonSerializer.Deserialize(output.ToString(), DoctorJson.Default.IReadOnlyListFinding)!;
        Assert.Equal(findings.Any(static finding => finding.State == FindingState.Wrong) ? 1 : 0, code);
        return findings;
    }
}
