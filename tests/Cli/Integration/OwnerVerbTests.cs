using Dweb.Chain.Keystores;
using Dweb.Cli.Tests.Running;
using Dweb.Core.Protocol;

namespace Dweb.Cli.Tests.Integration;

/// <summary>What owners of tokens, code, COEs and host images do with what is theirs.</summary>
[Trait("Category", "Integration")]
public sealed class OwnerVerbTests(LocalChain chain) : IClassFixture<LocalChain>
{
    private static readonly Uri Nowhere = new("http://127.0.0.1:9");
    private static readonly string Root = Keccak256.Hash("root").ToString();
    private static readonly string Digest = "sha256:" + Keccak256.Hash("manifest").ToString()[2..];

    [Fact]
    public async Task Tokens_are_sent_counted_and_never_more_than_there_are()
    {
        using var cli = new CliProgram();
        var town = new Town(chain, cli);
        await town.SettleInAsync(Nowhere, "alice", "bob");

        await town.DoAsync("alice", "token", "send", "bob", "12.5");
        await town.DoAsync("alice", "token", "faucet", "bob", "1");
        var bob = await town.DoAsync("alice", "token", "balance", town["bob"].ToString());
        var supply = await town.DoAsync("alice", "token", "supply");
        await town.DoAsync("alice", "token", "delegate", "bob");

        Assert.Equal(Amount.Parse("2013.5").ToString(null, null), bob.GetProperty("token").GetString());
        Assert.Equal((await chain.Token.TotalSupplyAsync(cancellationToken: TestContext.Current.CancellationToken)).ToString(null, null), supply.GetProperty("total").GetString());
        Assert.Equal(Amount.Parse("1987.5"), await chain.Token.GetVotesAsync(town["bob"], cancellationToken: TestContext.Current.CancellationToken));
        await town.RefusedAsync("alice", "wallet-too-poor", "token", "send", "bob", "5000");
        await town.RefusedAsync("alice", "wallet-unknown", "token", "send", "nobody", "1");
    }

    [Fact]
    public async Task Releases_are_replaced_and_revoked_by_their_owner_only()
    {
        using var cli = new CliProgram();
        var town = new Town(chain, cli);
        await town.SettleInAsync(Nowhere, "carol", "dave");
        await town.DoAsync("carol", "code", "create", "page");
        await ReleaseAsync(cli, town, "1.0");
        await ReleaseAsync(cli, town, "1.1");

        await town.DoAsync("carol", "code", "payee", "page", town["dave"].ToString());
        await town.DoAsync("carol", "code", "delegate", "page", town["dave"].ToString());
        await town.DoAsync("carol", "code", "supersede", "page@1.0", "page@1.1");
        await town.DoAsync("carol", "code", "revoke", "page@1.1", "--reason", "leaky");
        var first = await town.DoAsync("dave", "code", "show", "page@1.0");
        var second = await town.DoAsync("dave", "code", "show", first.GetProperty("supersededBy").GetString()!);

        Assert.Equal((town["dave"].ToString(), false), (first.GetProperty("payee").GetString(), first.GetProperty("revoked").GetBoolean()));
        Assert.Equal(("1.1", true), (second.GetProperty("version").GetString(), second.GetProperty("revoked").GetBoolean()));
        await town.RefusedAsync("dave", "forbidden", "code", "revoke", "page@1.0", "--reason", "envy");
        await town.RefusedAsync("carol", "invalid-value", "code", "supersede", "page@1.1", "page@1.0");
        await town.RefusedAsync("carol", "order-conflict", "code", "revoke", "page@1.1", "--reason", "again");
        await town.RefusedAsync("carol", "invalid-value", "code", "show", "page");
    }

    [Fact]
    public async Task A_host_changes_its_offer_and_the_chain_keeps_what_it_must()
    {
        using var cli = new CliProgram();
        var town = new Town(chain, cli);
        await town.SettleInAsync(Nowhere, "host", "alice");
        string fra = (await town.RegisterAsync("host")).ToString();
        string agent = Text(await town.DoAsync("host", "wallet", "new", "agent2", "--light"), "address");

        await town.DoAsync("host", "coe", "asks", "fra", "cpu=50000000000");
        await town.DoAsync("host", "coe", "capacity", "fra", "--memory", "8192");
        await town.DoAsync("host", "coe", "endpoint", "fra", "https://fra.example.org");
        await town.DoAsync("host", "coe", "attributes", "fra", """{"gpu":"none"}""");
        await town.DoAsync("host", "coe", "payee", "fra", town["alice"].ToString());
        await town.DoAsync("host", "coe", "rotate-agent", "fra", "agent2");
        await town.DoAsync("alice", "coe", "stake", fra, "500");
        await town.DoAsync("host", "coe", "unbond", "fra", "300");
        await town.DoAsync("host", "coe", "drain", "fra");
        var shown = await town.DoAsync("alice", "coe", "show", fra, "--onchain");

        Assert.Equal(["40000000000", "10000000000", "0", "0", "0"], Texts(shown, "asks"));
        Assert.Equal(["50000000000", "10000000000", "0", "0", "0"], Texts(shown, "nextAsks"));
        Assert.Equal([4000UL, 8192UL, 10240UL, 1000UL, 1000UL], shown.GetProperty("capacity").EnumerateArray().Select(static n => n.GetUInt64()));
        Assert.Equal(
            ("Draining", agent, town["alice"].ToString(), "https://fra.example.org", """{"gpu":"none"}"""),
            (Text(shown, "status"), Text(shown, "agent"), Text(shown, "payee"), Text(shown, "endpoint"), Text(shown, "attributes")));
        Assert.Equal((Wei("1200"), Wei("300")), (Text(shown, "stake"), Text(shown, "unbonding")));

        await town.RefusedAsync("alice", "forbidden", "coe", "undrain", fra);
        await town.RefusedAsync("host", "invalid-value", "coe", "drain", "fra");
        await town.RefusedAsync("host", "invalid-value", "coe", "unbond", "fra", "5000");
        await town.RefusedAsync("host", "nothing-to-withdraw", "coe", "withdraw-unbonded", "fra");
        await town.RefusedAsync("host", "name-taken", "coe", "rotate-agent", "fra", agent);
        await town.RefusedAsync("host", "not-found", "coe", "accept-book", "fra", town["alice"].ToString());
        await town.RefusedAsync("host", "forbidden", "coe", "suspend", "fra");
        await town.RefusedAsync("host", "invalid-value", "coe", "attributes", "fra", "nonsense");
        await chain.PassAsync(31);
        await town.DoAsync("host", "coe", "undrain", "fra");
        await town.DoAsync("host", "coe", "withdraw-unbonded", "fra");
        Assert.Equal(Amount.Parse("1300"), await chain.Token.BalanceOfAsync(town["host"], cancellationToken: TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_agent_agrees_to_serve_before_a_host_binds_its_key()
    {
        using var cli = new CliProgram();
        var town = new Town(chain, cli);
        await town.SettleInAsync(Nowhere, "host", "mallory");
        var key = Dweb.Chain.Signing.PrivateKey.Create();
        string agent = key.Address.ToString();
        string keystore = cli.Write("agent.json", KeystoreV3.Encrypt(key, CliProgram.Password, KeystoreStrength.Light));

        // Where the key is, which need not be where the host is; by a keystore or by a wallet.
        string[] consent = ["coe", "consent", "ber", town["host"].ToString()];
        var agreed = await town.DoAsync("host", [.. consent, "--keystore", keystore]);
        await town.DoAsync("host", "wallet", "new", "agent3", "--light");
        var other = await town.DoAsync("agent3", consent);

        await town.RefusedAsync("host", "consent-needed", Town.Registration("ber", agent));
        await town.RefusedAsync("host", "consent-needed", [.. Town.Registration("ber", agent), "--consent", Text(other, "consent")]);
        await town.RefusedAsync("mallory", "consent-needed", [.. Town.Registration("ber", agent), "--consent", Text(agreed, "consent")]);
        await town.RefusedAsync("host", "wrong-password", [.. consent, "--keystore", keystore, "--password-file", cli.Write("wrong", "guess")]);
        await town.RefusedAsync("host", "not-found", [.. consent, "--keystore", "nowhere.json"]);
        await town.RefusedAsync("host", "wallet-unknown", Town.Registration("ber", "nobody"));
        var registered = await town.DoAsync("host", [.. Town.Registration("ber", agent), "--consent", Text(agreed, "consent")]);

        Assert.Equal((Text(agreed, "coe"), agent), (Text(registered, "coe"), Text(registered, "agent")));
        Assert.Equal(Text(agreed, "coe"), Text(other, "coe"));
        await town.RefusedAsync("host", "consent-needed", "coe", "rotate-agent", "ber", town["mallory"].ToString(), "--consent", Text(other, "consent"));
        await town.DoAsync("host", "coe", "rotate-agent", "ber", Text(other, "agent"), "--consent", Text(other, "consent"));
        await town.RefusedAsync("host", "name-taken", "coe", "rotate-agent", "ber", agent, "--consent", Text(agreed, "consent"));
    }

    [Fact]
    public async Task A_host_image_is_claimed_until_its_signer_revokes_it()
    {
        using var cli = new CliProgram();
        var town = new Town(chain, cli);
        await town.SettleInAsync(Nowhere, "host", "dave", "mallory");
        await town.RegisterAsync("host");
        string[] publish = ["os", "publish", Root, Digest, "--channel", "stable", "--version", "1.2"];

        // A build may be signed by a stranger before its maker signs it; it stays the stranger's own.
        var squatted = await town.DoAsync("mallory", publish);
        var first = await town.DoAsync("dave", publish);
        var second = await town.DoAsync("dave", publish);
        await town.DoAsync("host", "coe", "os", "fra", Text(first, "id"));
        var coe = await town.DoAsync("host", "coe", "show", "fra", "--onchain");
        await town.RefusedAsync("host", "ambiguous-name", "coe", "os", "fra", "stable@1.2");
        await town.DoAsync("mallory", "os", "revoke", "stable@1.2", "--reason", "envy");
        await town.RefusedAsync("mallory", "forbidden", "os", "revoke", Text(first, "id"), "--reason", "envy");
        await town.DoAsync("host", "coe", "os", "fra", Text(first, "id"));
        await town.DoAsync("dave", "os", "revoke", "stable@1.2", "--reason", "leaky");
        var shown = await town.DoAsync("host", "os", "show", Text(first, "id"));
        var all = await town.DoAsync("host", "os", "ls");

        Assert.Equal(System.Text.Json.JsonValueKind.Null, second.GetProperty("transaction").ValueKind);
        Assert.Equal(Text(first, "id"), Text(coe, "osImage"));
        Assert.Equal((Digest, Root, town["dave"].ToString()), (Text(shown, "digest"), Text(shown, "rootHash"), Text(shown, "signer")));
        Assert.True(shown.GetProperty("revokedAt").GetUInt64() > 0);
        Assert.Equal([Text(squatted, "id"), Text(first, "id")], all.EnumerateArray().Select(static image => Text(image, "id")));
        await town.RefusedAsync("host", "invalid-value", "coe", "os", "fra", Text(first, "id"));
        await town.RefusedAsync("host", "not-found", "os", "show", "edge@9");
    }

    private static async Task ReleaseAsync(CliProgram cli, Town town, string version) => await town.DoAsync(
        "carol", "code", "release", "page", version, "--source", cli.Write("page.c", version), "--uri", "https://example.org/page", "--license", "MIT");

    private static string Text(System.Text.Json.JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private static string[] Texts(System.Text.Json.JsonElement json, string name) => [.. json.GetProperty(name).EnumerateArray().Select(static e => e.GetString()!)];

    private static string Wei(string amount) => Amount.Parse(amount).ToString(null, null);
}
