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

    [Fact]
    public async Task Members_change_the_rules_of_voting_but_not_beyond_the_bounds_of_the_founding()
    {
        using var cli = new CliProgram();
        var town = new Town(chain, cli);
        await town.SettleInAsync(Nowhere, "carol", "dave");
        var dao = await CreateAsync(town, "lawyers");
        var governor = new DaoGovernor(chain.Client, EvmAddress.Parse(Text(dao, "governor")));
        var stop = TestContext.Current.CancellationToken;

        await DecideAsync(town, "lawyers", "keep", "dao", "propose-retain", "lawyers", "500", "--title", "keep");
        await DecideAsync(town, "lawyers", "quorum", "dao", "propose-quorum", "lawyers", "30", "--title", "quorum");
        await DecideAsync(town, "lawyers", "higher", "dao", "propose-threshold", "lawyers", "50", "--member", town["carol"].ToString(), "--title", "higher");
        await DecideAsync(town, "lawyers", "called", "dao", "propose-text", "lawyers", "advocates", "--uri", "https://example.org", "--text", cli.Write("articles", "text"), "--title", "called");
        await PassAsync(town, "lawyers", "too high", "dao", "propose-threshold", "lawyers", "70", "--member", town["carol"].ToString(), "--title", "too high");
        await town.RefusedAsync("dave", "invalid-value", "dao", "execute", "lawyers", "too high");
        await PassAsync(town, "lawyers", "no quorum", "dao", "propose-quorum", "lawyers", "0", "--title", "no quorum");
        await town.RefusedAsync("dave", "invalid-value", "dao", "execute", "lawyers", "no quorum");
        await PassAsync(town, "lawyers", "at once", "dao", "propose-timelock", "lawyers", "0", "--title", "at once");
        await town.RefusedAsync("dave", "invalid-value", "dao", "execute", "lawyers", "at once");
        await DecideAsync(town, "lawyers", "later", "dao", "propose-voting-delay", "lawyers", "2", "--title", "later");
        await town.DoAsync("carol", "dao", "propose-voting-period", "lawyers", "0", "--title", "never");
        await town.RefusedAsync("dave", "forbidden", "dao", "cancel", "lawyers", "never");
        await town.DoAsync("carol", "dao", "cancel", "lawyers", "never");
        var proposals = await town.DoAsync("dave", "dao", "proposals", "lawyers");

        var shares = new DaoShares(chain.Client, EvmAddress.Parse(Text(dao, "shares")));
        Assert.Equal((500, "advocates"), (await shares.RetainBpsAsync(cancellationToken: stop), await shares.NameAsync(cancellationToken: stop)));
        Assert.Equal(Keccak256.Hash("text"), await shares.TextHashAsync(cancellationToken: stop));
        Assert.Equal((30, 50, 2), (
            (int)await governor.QuorumNumeratorAsync(cancellationToken: stop), (int)await governor.ProposalThresholdAsync(cancellationToken: stop),
            (int)await governor.VotingDelayAsync(cancellationToken: stop)));
        Assert.Equal("cancelled", Text(proposals.EnumerateArray().Single(static p => Text(p, "title") == "never"), "state"));
        await town.RefusedAsync("dave", "forbidden", "dao", "propose-retain", "lawyers", "1");
    }

    [Fact]
    public async Task A_member_that_is_a_dao_is_recognised_by_anyone()
    {
        using var cli = new CliProgram();
        var town = new Town(chain, cli);
        await town.SettleInAsync(Nowhere, "carol", "dave");
        var payer = await CreateAsync(town, "union");
        var member = await CreateAsync(town, "local");

        await town.DoAsync("dave", "dao", "recognise", "union", "local");

        var treasury = new DaoTreasury(chain.Client, EvmAddress.Parse(Text(payer, "treasury")));
        var payout = await treasury.PayoutOfAsync(EvmAddress.Parse(Text(member, "timelock")), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(Text(member, "treasury"), payout.ToString());
        await town.RefusedAsync("dave", "not-found", "dao", "recognise", "union", town["dave"].ToString());
    }

    [Fact]
    public async Task A_lease_book_is_announced_by_the_governor_and_let_in_by_anyone_after_its_delay()
    {
        using var cli = new CliProgram();
        var town = new Town(chain, cli);
        await town.SettleInAsync(Nowhere, "dave");
        await cli.RunAsync("wallet", "import", "governor", "--light", "--key-file", cli.Write("key", Convert.ToHexStringLower(chain.Deployer.ExportBytes())));
        string book = PrivateKey.Create().Address.ToString();

        await town.RefusedAsync("dave", "forbidden", "protocol", "propose-book", book);
        await town.RefusedAsync("dave", "not-found", "protocol", "authorise-book", book);
        await town.DoAsync("governor", "protocol", "propose-book", book);
        await town.RefusedAsync("dave", "invalid-value", "protocol", "authorise-book", book);
        await chain.PassAsync(61);
        await town.DoAsync("dave", "protocol", "authorise-book", book);

        var registry = new CoeRegistry(chain.Client, Contract("CoeRegistry"));
        Assert.True(await registry.IsBookAsync(EvmAddress.Parse(book), cancellationToken: TestContext.Current.CancellationToken));
        await town.RefusedAsync("governor", "order-conflict", "protocol", "propose-book", book);
    }

    /// <summary>Carol holds 60 shares and Dave 40; a tenth is kept, and a vote takes thirty seconds.</summary>
    private static Task<JsonElement> CreateAsync(Town town, string name) => town.DoAsync(
        "carol", "dao", "create", name, "--member", town["carol"] + "=60", "--member", town["dave"] + "=40", "--retain-bps", "1000", "--voting-delay", "1",
        "--voting-period", "30", "--timelock", "1");

    private async Task DecideAsync(Town town, string dao, string title, params string[] propose)
    {
        await PassAsync(town, dao, title, propose);
        await town.DoAsync("dave", "dao", "execute", dao, title);
    }

    /// <summary>Up to where it may be executed.</summary>
    private async Task PassAsync(Town town, string dao, string title, params string[] propose)
    {
        // A proposer's votes are those of the second before.
        await chain.PassAsync(1);
        await town.DoAsync("carol", propose);
        await town.RefusedAsync("carol", "order-conflict", "dao", "queue", dao, title);
        await chain.PassAsync(2);
        await town.DoAsync("carol", "dao", "vote", dao, title, "for");
        await town.DoAsync("dave", "dao", "vote", dao, title, "for");
        await town.RefusedAsync("dave", "order-conflict", "dao", "vote", dao, title, "against");
        await chain.PassAsync(31);
        await town.DoAsync("dave", "dao", "queue", dao, title);
        await chain.PassAsync(2);
    }

    private Task<System.Numerics.BigInteger> BalanceAsync(EvmAddress account) => chain.Token.BalanceOfAsync(account, cancellationToken: TestContext.Current.CancellationToken);

    private EvmAddress Contract(string name) => EvmAddress.Parse(JsonDocument.Parse(chain.DeploymentFile).RootElement.GetProperty("contracts").GetProperty(name).GetString()!);

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
