using Dweb.Agent.Runtimes;
using Dweb.Agent.Tests.Support;

namespace Dweb.Agent.Tests.Runtimes.Conformance;

/// <summary>What a container is told, and what is written on it for an agent that comes later.</summary>
public abstract class IdentityCases(RuntimeUnderTest engine) : RuntimeCases(engine)
{
    [Case]
    public async Task It_sees_who_it_is_and_cannot_be_told_otherwise()
    {
        var plan = Engine.Plan("env");
        var written = await Engine.RunAsync(plan, Cancel);
        Assert.Contains("GREETING=hello", written);
        Assert.Contains("DWEB_COE=alpha", written);
        Assert.Contains("DWEB_MODE=kept", written);
        Assert.Contains("DWEB_SERVICE=web", written);
        Assert.Contains("DWEB_REPLICA=web-2", written);
        Assert.Contains($"DWEB_LEASE={plan.LeaseId}", written);
        Assert.DoesNotContain("DWEB_COE=forged", written);
    }

    [Case]
    public async Task It_is_named_after_its_service_and_replica() => Assert.Equal(["web-2"], await Engine.RunAsync(Engine.Plan("hostname"), Cancel));

    [Case]
    public async Task Its_words_arrive_as_they_were_signed()
    {
        string[] words = ["a b", "it's", "\"quoted\"", "$HOME", "", "*", "ä\\n"];
        var plan = Engine.Plan([.. (string[])["sh", "-c", "for word in \"$@\"; do echo \"<$word>\"; done", "sh"], .. words]);
        Assert.Equal(words.Select(static word => $"<{word}>"), await Engine.RunAsync(plan, Cancel));
    }

    [Case]
    public async Task Variables_arrive_as_they_were_signed()
    {
        var plan = Engine.Plan("env");
        plan.Spec.Environment["ODD"] = "a=b c\t'd' \"e\" $F";
        plan.Spec.Environment["EMPTY"] = "";
        var written = await Engine.RunAsync(plan, Cancel);
        Assert.Contains("ODD=a=b c\t'd' \"e\" $F", written);
        Assert.Contains("EMPTY=", written);
    }

    [Case]
    public async Task Nothing_of_the_engine_s_own_surroundings_is_told_to_it()
    {
        string[] expected = ["DWEB_COE", "DWEB_LEASE", "DWEB_MODE", "DWEB_REPLICA", "DWEB_SERVICE", "GREETING"];

        // What a shell or an engine sets for every program anywhere.
        string[] usual = ["HOME", "HOSTNAME", "PATH", "PWD", "SHLVL", "TERM", "container"];
        var names = (await Engine.RunAsync(Engine.Plan("env"), Cancel)).Select(static line => line.Split('=')[0]).Except(usual).Order(StringComparer.Ordinal);
        Assert.Equal(expected, names);
    }

    [Case]
    public async Task It_bears_what_an_agent_knows_it_again_by()
    {
        var plan = Engine.Plan("sleep", "1000");
        var found = await Engine.InspectAsync(await Runtime.CreateAsync(plan, Cancel), Cancel);
        Assert.All(plan.Labels(), label => Assert.Equal(label.Value, found.Labels[label.Key]));
        Assert.True(ContainerNames.TryRead(found.Name, out var lease));
        Assert.Equal(plan.LeaseId, lease);
    }

    [Case]
    public async Task It_runs_where_its_image_says_and_as_root_of_nothing()
    {
        var written = await Engine.RunAsync(Engine.Shell("pwd; id -u; grep CapEff /proc/self/status"), Cancel);
        Assert.Equal(["/", "0"], written.Take(2));
        Assert.EndsWith("\t0000000000000000", written[2], StringComparison.Ordinal);
    }
}
