using Dweb.Agent.Runtimes;
using Dweb.Agent.Startup;
using Dweb.Agent.Tests.Runtimes;
using Dweb.Agent.Tests.Support;
using Dweb.Core.Manifest;
using Dweb.Core.Protocol.Http;

namespace Dweb.Agent.Tests.Whole;

/// <summary>The whole agent with Podman for an engine, where that is another than with Docker.</summary>
[Trait("Category", "Integration")]
[Collection(World.Collection)]
public sealed class PodmanAgentTests(World world, PodmanUnderTest engine) : IClassFixture<PodmanUnderTest>, IAsyncDisposable
{
    private readonly CancellationToken cancel = TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (var image in await engine.Runtime.ListImagesAsync(world.Registry.Address.Authority, CancellationToken.None))
        {
            await engine.Runtime.RemoveImageAsync(image.Reference, CancellationToken.None);
        }
    }

    [Fact]
    public async Task A_lease_is_pulled_runs_is_well_is_metered_and_goes_when_it_is_closed()
    {
        await using var coe = await FoundAsync();
        var lease = await coe.OpenAsync(
            coe.Web() with { Health = new(["CMD", BusyboxImage.Entrypoint, "true"], 1, 1, 1, 0), Volumes = [new VolumeSpec("/data")] }, cancel);
        coe.Plane.Assign(lease);
        await using (await coe.StartAsync(cancel))
        {
            var running = await coe.UntilAsync(lease.LeaseId, LeasePhase.Running, cancel);
            using var http = new HttpClient();
            Assert.Equal("hello", await http.GetStringAsync(new Uri(Assert.Single(running.Urls)), cancel));
            while (!coe.Plane.Usage.Select(AgentTests.LastUsage).Any(static entry => entry.Seconds >= 2 && entry.Cpu > 0))
            {
                await Task.Delay(20, cancel);
            }

            coe.Plane.AskForLog(new LogRequest("r1", lease.LeaseId, 10));
            while (!coe.Plane.Logs.ContainsKey("r1"))
            {
                await Task.Delay(20, cancel);
            }

            Assert.Contains(coe.Plane.Logs["r1"].Lines, static line => line.Contains("response:200", StringComparison.Ordinal));
            await world.Chain.EndAsync(lease, coe.Id, cancel);
            coe.Plane.Assign(lease with { Stop = true });
            await coe.UntilAsync(lease.LeaseId, LeasePhase.Stopped, cancel);
            await world.Chain.FinaliseAsync(lease, coe.Id, cancel);
            while (await coe.ContainerAsync(lease.LeaseId, cancel) is not null || Directory.EnumerateFileSystemEntries(coe.Volumes).Any())
            {
                await Task.Delay(50, cancel);
            }
        }
    }

    [Fact]
    public async Task What_ran_before_the_machine_was_restarted_is_started_by_the_agent()
    {
        await using var coe = await FoundAsync();
        var lease = await coe.OpenAsync(coe.Web(), cancel);
        coe.Plane.Assign(lease);
        await using (await coe.StartAsync(cancel))
        {
            await coe.UntilAsync(lease.LeaseId, LeasePhase.Running, cancel);
        }

        // As at a boot: nothing runs, and nobody but the agent starts it.
        var before = (await coe.ContainerAsync(lease.LeaseId, cancel))!;
        await engine.Runtime.StopAsync(before.Id, cancel);
        coe.Plane.Reports.Clear();
        await using (await coe.StartAsync(cancel))
        {
            await coe.UntilAsync(lease.LeaseId, LeasePhase.Running, cancel);
            var after = (await coe.ContainerAsync(lease.LeaseId, cancel))!;
            Assert.Equal((before.Id, ContainerCondition.Running), (after.Id, after.Condition));
        }

        Assert.Equal(ExitStatus.Done, await ProgramAsync(coe, TextWriter.Null, "--remove"));
        Assert.Empty(await engine.Runtime.ListAsync(coe.Id, cancel));
        Assert.Empty(await engine.Runtime.ListNetworksAsync(coe.Id, cancel));
    }

    [Fact]
    public async Task The_doctor_says_which_engine_it_is_and_what_it_lacks()
    {
        await using var coe = await FoundAsync();
        await WriteAsync(coe);
        await using var output = new StringWriter();
        await ProgramAsync(coe, output, "--doctor");
        string line = output.ToString().Split('\n').First(static line => line.Contains("Podman", StringComparison.Ordinal));
        Assert.All(engine.Documented.ToNames(), name => Assert.Contains(name, line, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("docker", "Podman")]
    [InlineData("podman", "not Podman")]
    public async Task An_agent_does_not_start_on_another_engine_than_it_was_told(string name, string said)
    {
        await using var coe = await FoundAsync();
        coe.Config["runtime"] = name;
        coe.Config["engine"] = (name == "docker" ? engine.Engine : DockerUnderTest.Address).ToString();
        await using var agent = await coe.StartAsync(cancel);
        Assert.Equal(ExitStatus.CannotStart, await agent.Ended);
        Assert.Contains(said, agent.Errors, StringComparison.Ordinal);
        Assert.Contains("'runtime'", agent.Errors, StringComparison.Ordinal);
    }

    private async Task<Coe> FoundAsync()
    {
        var coe = await world.FoundAsync(cancel);
        coe.RunOn(engine, "podman");
        return coe;
    }

    private Task WriteAsync(Coe coe) => File.WriteAllTextAsync(Path.Combine(coe.Home, "agent.json"), coe.Config.ToJsonString(), cancel);

    private Task<int> ProgramAsync(Coe coe, TextWriter output, string verb) =>
        AgentProgram.RunAsync([verb, "--config", Path.Combine(coe.Home, "agent.json")], output, TextWriter.Null, cancel);
}
