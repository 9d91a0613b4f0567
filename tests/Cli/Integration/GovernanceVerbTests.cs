using System.Text.Json;
using Dweb.Chain.Contracts;
using Dweb.Chain.Signing;
using Dweb.Cli.Tests.Running;
using Dweb.Core.Protocol;

namespace Dweb.Cli.Tests.Integration;

/// <summary>What members, governor and guardian decide.</summary>
[Trait("Category", "Integration")]
public sealed class GovernanceVerbTests(LocalChain chain) : IClassFixture<LocalChain>
{
    private static readonly Uri Nowhere = new("http://127.0.0.1:9");

    [Fact]
    public async Task Members_spend_what_they_kept_and_draw_the_rest_by_their_shares()
    {
        using var cli = new CliProgram();
        var town = new Town(chain, cli);
        await town.SettleInAsync(Nowhere, "carol", "dave", "alice");
        var dao = await CreateAsync(town, "tools");
        await town.DoAsync("alice", "token", "send", dao.GetProperty("treasury").GetString()!, "100");
        await town.DoAsync("carol", "dao", "draw", "tools");

        await DecideAsync(town, "tools", "prize", "dao", "propose-spend", "tools", town["alice"].ToString(), "10", "--title", "prize");
        await DecideAsync(town, "tools", "shift", "dao", "propose-shares", "tools", town["carol"].ToString(), town["dave"].ToString(), "20", "--title", "shift");
        var shown = await town.DoAsync("alice", "dao", "show", "tools");
        var proposals = await town.DoAsync("alice", "dao", "proposals", "tools");

        Assert.Equal(Amount.Parse("2054"), await BalanceAsync(town["carol"]));
        Assert.Equal(Amount.Parse("1910"), await BalanceAsync(town["alice"]));
        Assert.Equal("0", shown.GetProperty("treasury").GetProperty("reserve").GetString());
        Assert.Equal(
            [(town["carol"].ToString(), "40", "0"), (town["dave"].ToString(), "60", Amount.Parse("36").ToString(null, null))],
            shown.GetProperty("members").EnumerateArray().Select(static m => (Text(m, "member"), Text(m, "shares"), Text(m, "owed"))));
        Assert.Equal([("prize", "executed", "100"), ("shift", "executed", "100")], proposals.EnumerateArray().Select(static p => (Text(p, "title"), Text(p, "state"), Text(p, "for"))));
        // The chain is shared with tests that found other DAOs.
        Assert.Single((await town.DoAsync("alice", "dao", "ls")).EnumerateArray(), static d => Text(d, "name") == "tools");

        await town.RefusedAsync("alice", "forbidden", "dao", "propose-spend", "tools", town["alice"].ToString(), "1");
        await town.RefusedAsync("carol", "nothing-to-withdraw", "dao", "draw", "tools");
        await town.RefusedAsync("carol", "not-found", "dao", "vote", "tools", "nothing", "for");
        await town.RefusedAsync("carol", "name-taken", "dao", "create", "tools", "--member", town["carol"] + "=1");
        string done = await town.RefusedAsync("carol", "order-conflict", "dao", "execute", "tools", "prize");
        Assert.EndsWith("is executed; that needs it queued, to be executed.", done, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_governor_and_guardian_decide_is_done_by_them_and_proposed_to_a_dao()
    {
        using var cli = new CliProgram();
        var town = new Town(chain, cli);
        await town.SettleInAsync(Nowhere, "carol", "dave");
        await cli.RunAsync("wallet", "import", "governor", "--light", "--key-file", cli.Write("key", Convert.ToHexStringLower(chain.Deployer.ExportBytes())));
        string[] members = [.. Enumerable.Range(0, 3).Select(static _ => PrivateKey.Create().Address.ToString())];

        await town.DoAsync("governor", "protocol", "stop-openings");
        var stopped = await town.DoAsync("dave", "protocol", "show");
        await town.DoAsync("governor", "protocol", "allow-openings");
        await town.DoAsync("governor", "protocol", "set-fee", "120");
        await town.DoAsync("governor", "protocol", "set-reference-prices", "memory=7");
        await town.DoAsync("governor", "committee", "set", members[0], members[1], members[2], "--quorum", "2");
        await town.RefusedAsync("dave", "forbidden", "protocol", "stop-openings");
        await town.RefusedAsync("dave", "forbidden", "protocol", "set-fee", "130");
        await town.RefusedAsync("dave", "forbidden", "committee", "set", members[0], "--quorum", "1");
        var settings = await town.DoAsync("dave", "protocol", "show");
        var committee = await town.DoAsync("dave", "committee", "show");

        Assert.True(stopped.GetProperty("openingsStopped").GetBoolean());
        Assert.Equal((120, false), (settings.GetProperty("feeBps").GetInt32(), settings.GetProperty("openingsStopped").GetBoolean()));
        Assert.Equal(["1000000000", "7", "10000000"], settings.GetProperty("referencePrices").EnumerateArray().Take(3).Select(static p => p.GetString()!));
        Assert.Equal((2, 2UL), (committee.GetProperty("quorum").GetInt32(), committee.GetProperty("epoch").GetUInt64()));
        Assert.Equal(members, committee.GetProperty("members").EnumerateArray().Select(static m => m.GetString()!));
        await town.RefusedAsync("governor", "invalid-value", "protocol", "set-fee", "600");
        await town.RefusedAsync("governor", "invalid-value", "committee", "set", members[0], members[1], "--quorum", "2");

        var dao = await CreateAsync(town, "rulers");
        await chain.SendAsync(chain.Deployer, new ProtocolSettings(chain.Client, Contract("ProtocolSettings")).TransferOwnership(EvmAddress.Parse(Text(dao, "timelock"))));
        string proposal = Text(await town.DoAsync("carol", "protocol", "set-fee", "200"), "proposal");
        string target = Text(await town.DoAsync("carol", "protocol", "set-bounty", "10"), "target");
        await DecideAsync(town, "rulers", "dearer", "dao", "propose", "rulers", "--call", "ProtocolSettings", "setFee(uint16)", "200", target, "setBounty(uint16)", "10", "--title", "dearer");
        var governed = await town.DoAsync("dave", "protocol", "show");

        Assert.Equal($"dweb dao propose {Text(dao, "id")} --call {target} 'setFee(uint16)' 200 --title 'a fee of 200 basis points of the base charge'", proposal);
        Assert.Equal((200, 10), (governed.GetProperty("feeBps").GetInt32(), governed.GetProperty("bountyBps").GetInt32()));
    }

    /// <summary>Carol holds 60 shares and Dave 40; a tenth is kept, and a vote takes thirty seconds.</summary>
    private static Task<JsonElement> CreateAsync(Town town, string name) => town.DoAsync(
        "carol", "dao", "create", name, "--member", town["carol"] + "=60", "--member", town["dave"] + "=40", "--retain-bps", "1000", "--voting-delay", "1",
        "--voting-period", "30", "--timelock", "1");

    private async Task DecideAsync(Town town, string dao, string title, params string[] propose)
    {
        await chain.HoldClockAsync();
        await town.DoAsync("carol", propose);
        await town.RefusedAsync("carol", "order-conflict", "dao", "queue", dao, title);
        await chain.PassAsync(2);
        await town.DoAsync("carol", "dao", "vote", dao, title, "for");
        await town.DoAsync("dave", "dao", "vote", dao, title, "for");
        await town.RefusedAsync("dave", "order-conflict", "dao", "vote", dao, title, "against");
        await chain.PassAsync(31);
        await town.DoAsync("dave", "dao", "queue", dao, title);
        await chain.PassAsync(2);
        await town.DoAsync("dave", "dao", "execute", dao, title);
    }

    private Task<System.Numerics.BigInteger> BalanceAsync(EvmAddress account) => chain.Token.BalanceOfAsync(account, cancellationToken: TestContext.Current.CancellationToken);

    private EvmAddress Contract(string name) => EvmAddress.Parse(JsonDocument.Parse(chain.DeploymentFile).RootElement.GetProperty("contracts").GetProperty(name).GetString()!);

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
