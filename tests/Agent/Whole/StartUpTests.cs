using System.Text.Json.Nodes;
using Dweb.Agent.Tests.Support;

namespace Dweb.Agent.Tests.Whole;

/// <summary>What is missing at the start is said in one line: what, where, what to do.</summary>
[Trait("Category", "Integration")]
[Collection(World.Collection)]
public sealed class StartUpTests(World world)
{
    private readonly CancellationToken cancel = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("engine", "\"unix:///nowhere/docker.sock\"", "engine-unreachable", "/nowhere/docker.sock")]
    [InlineData("rpcUrls", "[\"http://127.0.0.1:1\"]", "chain-unreachable", "127.0.0.1:1")]
    [InlineData("coe", "\"0x1111111111111111111111111111111111111111111111111111111111111111\"", "coe-unknown", "0x1111")]
    public async Task What_is_not_there_is_named(string setting, string value, string code, string where)
    {
        await using var coe = await world.FoundAsync(cancel);
        coe.Config[setting] = JsonNode.Parse(value);
        await AssertRefusedAsync(coe, code, where);
    }

    [Fact]
    public async Task A_wrong_password_is_told_without_telling_it()
    {
        await using var coe = await world.FoundAsync(cancel);
        await File.WriteAllTextAsync(Path.Combine(coe.Home, "password"), "guess", cancel);
        string line = await AssertRefusedAsync(coe, "wrong-password", "key.json");
        Assert.DoesNotContain("guess", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_is_not_the_coes_is_refused()
    {
        await using var coe = await world.FoundAsync(cancel);
        await using var other = await world.FoundAsync(cancel);
        coe.Config["coe"] = other.Id.ToString();
        await AssertRefusedAsync(coe, "agent-key-mismatch", other.Key.Address.ToString());
    }

    [Fact]
    public async Task A_node_of_another_chain_is_refused()
    {
        await using var coe = await world.FoundAsync(cancel);
        string file = Path.Combine(coe.Home, "deployment.json");
        var deployment = JsonNode.Parse(await File.ReadAllTextAsync(world.Chain.DeploymentFile, cancel))!.AsObject();
        deployment["chainId"] = 1;
        await File.WriteAllTextAsync(file, deployment.ToJsonString(), cancel);
        coe.Config["deploymentFile"] = file;
        coe.Config["chainId"] = 1;
        await AssertRefusedAsync(coe, "wrong-chain", "chain 31337");
    }

    [Fact]
    public async Task Contracts_that_are_not_on_the_chain_are_refused()
    {
        await using var coe = await world.FoundAsync(cancel);
        string file = Path.Combine(coe.Home, "deployment.json");
        var deployment = JsonNode.Parse(await File.ReadAllTextAsync(world.Chain.DeploymentFile, cancel))!.AsObject();
        deployment["contracts"]!["LeaseBook"] = Given.Publisher.ToString();
        await File.WriteAllTextAsync(file, deployment.ToJsonString(), cancel);
        coe.Config["deploymentFile"] = file;
        await AssertRefusedAsync(coe, "wrong-contract", Given.Publisher.ToString());
    }

    private async Task<string> AssertRefusedAsync(Coe coe, string code, string where)
    {
        await using var agent = await coe.StartAsync(cancel);
        Assert.Equal(1, await agent.Ended);
        string line = Assert.Single(agent.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith($"dweb-agent: {code}: ", line, StringComparison.Ordinal);
        Assert.Contains(where, line, StringComparison.Ordinal);
        return line;
    }
}
