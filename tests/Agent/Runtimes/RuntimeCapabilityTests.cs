using System.Net;
using Dweb.Agent.Runtimes;
using Dweb.Agent.Runtimes.Docker;
using Dweb.Agent.Runtimes.Podman;
using Dweb.Agent.Tests.Support;
using Dweb.Core.Manifest;
using Dweb.Core.Protocol;
using Dweb.Core.Resources;

namespace Dweb.Agent.Tests.Runtimes;

public sealed class RuntimeCapabilityTests
{
    [Fact]
    public void Every_capability_has_a_name_that_the_documents_explain()
    {
        var all = Enum.GetValues<RuntimeCapability>().Where(static capability => capability != RuntimeCapability.None).ToList();
        string documents = File.ReadAllText(Path.Combine(Repository.Root, "docs", "operations.md"));
        Assert.All(all, capability => Assert.Contains($"`{Assert.Single(capability.ToNames())}`", documents, StringComparison.Ordinal));
    }

    [Fact]
    public void A_plan_needs_what_its_container_would_be_another_without()
    {
        Assert.Equal(RuntimeCapability.None, RuntimeCapabilities.NeededBy(Plan(Given.Spec())));
        Assert.Equal(RuntimeCapability.HealthChecks, RuntimeCapabilities.NeededBy(Plan(Given.Spec() with { Health = new(["CMD", "true"], 1, 1, 1, 0) })));
        Assert.Equal(RuntimeCapability.None, RuntimeCapabilities.NeededBy(Plan(Given.Spec() with { Health = HealthSpec.Disabled })));
        Assert.Equal(RuntimeCapability.Restarts, RuntimeCapabilities.NeededBy(Plan(Given.Spec() with { Restart = RestartPolicy.OnFailure })));
        Assert.Equal(RuntimeCapability.Volumes, RuntimeCapabilities.NeededBy(Plan(Given.Spec()) with { Mounts = [new MountPlan("/a", "/b")] }));
    }

    [Fact]
    public void What_is_lacking_is_refused_by_its_name_and_what_is_not_needed_is_not()
    {
        var plan = Plan(Given.Spec() with { Health = new(["CMD", "true"], 1, 1, 1, 0), Restart = RestartPolicy.Always });
        var refusal = Assert.Throws<RuntimeException>(() => RuntimeCapabilities.Require(plan, RuntimeCapability.HealthChecks | RuntimeCapability.Restarts | RuntimeCapability.Volumes, "X"));
        Assert.Equal((RuntimeFault.Refused, false), (refusal.Fault, refusal.IsTransient));
        Assert.Contains("health-checks, restarts,", refusal.Message, StringComparison.Ordinal);
        RuntimeCapabilities.Require(plan, RuntimeCapability.Volumes | RuntimeCapability.PullProgress, "X");
    }

    [Theory]
    [InlineData(404, "{}", nameof(RuntimeFault.ContainerMissing))]
    [InlineData(409, "{}", nameof(RuntimeFault.NameTaken))]
    [InlineData(500, """{"cause":"that name is already in use","message":"creating container storage: the container name is already in use","response":500}""", nameof(RuntimeFault.NameTaken))]
    [InlineData(500, """{"cause":"container already exists","message":"x","response":500}""", nameof(RuntimeFault.NameTaken))]
    [InlineData(500, """{"cause":"no such container","message":"no container with name or ID \"x\" found: no such container","response":500}""", nameof(RuntimeFault.ContainerMissing))]
    [InlineData(500, """{"cause":"container state improper","message":"x","response":500}""", nameof(RuntimeFault.Changing))]
    [InlineData(500, """{"cause":"permission denied","message":"x","response":500}""", nameof(RuntimeFault.Refused))]
    [InlineData(500, "that name is already in use", nameof(RuntimeFault.Refused))]
    [InlineData(500, "[]", nameof(RuntimeFault.Refused))]
    public void Refusals_of_Podman_s_mean_what_they_say(int status, string body, string fault) =>
        Assert.Equal(fault, PodmanPlans.FaultOf((HttpStatusCode)status, body).ToString());

    [Theory]
    [InlineData("""{"message":"in its own words"}""", "Docker: in its own words")]
    [InlineData("plain words\n", "Docker: plain words")]
    [InlineData("", "Docker: Conflict")]
    [InlineData("7", "Docker: Conflict")]
    public void A_refusal_says_what_the_engine_said(string body, string message)
    {
        var calls = new EngineCalls("Docker", new Uri("unix:///x"), EngineCalls.DockerFaultOf);
        var refusal = calls.Refusal(HttpStatusCode.Conflict, body);
        Assert.Equal((message, RuntimeFault.NameTaken), (refusal.Message, refusal.Fault));
    }

    private static ContainerPlan Plan(ContainerSpec spec) =>
        new(Hash32.Zero, Hash32.Zero, Hash32.Zero, "coe", 0, "image", spec, new ResourceVector(1, 1, 1, 1, 1), IPAddress.Loopback) { Network = NetworkPlan.Of(Hash32.Zero, TestRange.Next(), 0) };
}
