using Dweb.Agent.Isolation;
using Dweb.Agent.Machine;
using Dweb.Agent.Tests.Runtimes;
using Dweb.Agent.Tests.Support;

namespace Dweb.Agent.Tests.Escape;

/// <summary>What a tenant tries from inside its container, on a host that has something to find. Each engine's class tries the lines of <see cref="EscapeLines"/>.</summary>
public abstract class EscapeCases(Ward ward)
{
    private const string Out = "ESCAPED";
    private const string Tried = "TRIED";

    private readonly CancellationToken cancel = TestContext.Current.CancellationToken;

    [Case]
    public async Task Without_the_rules_a_tenant_reaches_host_and_secrets_so_that_it_is_they_that_hold()
    {
        string line = ward.Fill("timeout 5 wget -q -O - http://GATEWAY:HOSTPORT/ && timeout 5 wget -q -O - http://METADATA:HOSTPORT/ && echo reached");

        // As an administrator does who loads rules of their own.
        await HostTool.RunAsync("nft", ["delete", "table", "inet", FirewallRules.TableName(ward.Engine.Coe)], null, cancel);
        try
        {
            Assert.Equal("reached", (await ward.RunAsync(line, cancel))[^1].Replace("secretsecret", "", StringComparison.Ordinal));
        }
        finally
        {
            Assert.True(await ward.Firewall.EnsureAsync(CancellationToken.None));
            Assert.False(await ward.Firewall.EnsureAsync(CancellationToken.None));
        }

        Assert.Empty(await ward.RunAsync(line, cancel) is var written ? written.Where(static text => text.Contains("secret", StringComparison.Ordinal)) : []);
    }

    [Case]
    public async Task Replicas_of_one_deployment_reach_each_other()
    {
        (_, string id) = await ward.Engine.StartAsync(ward.Engine.Plan("httpd", "-f", "-p", "8080", "-h", "/www"), cancel);
        var address = await RuntimeUnderTest.AddressOfAsync(await ward.Engine.InspectAsync(id, cancel), cancel);
        Assert.Contains("hello", (await ward.RunAsync($"timeout 5 wget -q -O - http://{address}:8080/", cancel))[^1], StringComparison.Ordinal);
        await ward.Engine.Runtime.RemoveAsync(id, cancel);
    }

    [Case]
    public async Task What_a_tenant_publishes_is_reached_from_the_host() =>
        Assert.Equal("hello", await Served.ReadAsync($"http://127.0.0.1:{ward.NeighbourPort}/", cancel));

    private protected async Task TryAsync(string what, string line)
    {
        var written = await ward.RunAsync($"if {{ {ward.Fill(line)}; }}; then echo {Out}; fi; echo {Tried}", cancel);
        Assert.Contains(Tried, written);
        Assert.False(written.Contains(Out, StringComparer.Ordinal), $"A tenant can {what}: {string.Join(" | ", written)}");
    }
}

[Trait("Category", "Integration")]
[Collection(Ward.Collection)]
public sealed class DockerEscapes(DockerWard ward) : EscapeCases(ward), IClassFixture<DockerWard>
{
    public static IEnumerable<TheoryDataRow<string, string>> Lines => Sample.Of(typeof(DockerEscapes), EscapeLines.All);

    [Theory]
    [MemberData(nameof(Lines))]
    public Task A_tenant_does_not(string what, string line) => TryAsync(what, line);
}

[Sampled(PodmanUnderTest.OneOf)]
[Trait("Category", "Integration")]
[Collection(Ward.Collection)]
public sealed class PodmanEscapes(PodmanWard ward) : EscapeCases(ward), IClassFixture<PodmanWard>
{
    public static IEnumerable<TheoryDataRow<string, string>> Lines => Sample.Of(typeof(PodmanEscapes), EscapeLines.All);

    [Theory]
    [MemberData(nameof(Lines))]
    public Task A_tenant_does_not(string what, string line) => TryAsync(what, line);
}
