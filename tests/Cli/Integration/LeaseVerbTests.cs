using System.Text.Json;
using Dweb.Chain.Signing;
using Dweb.Cli.Tests.Running;
using Dweb.Core.Protocol;

namespace Dweb.Cli.Tests.Integration;

/// <summary>What publishers do with images, and users and hosts with leases of them.</summary>
[Trait("Category", "Integration")]
public sealed class LeaseVerbTests(LocalChain chain) : IClassFixture<LocalChain>
{
    private static readonly Uri Nowhere = new("http://127.0.0.1:9");
    /// <summary>Seconds, of the profile that the chain is deployed with.</summary>
    private const ulong DirectTimeout = 10;
    private static readonly Hash32 Older = Keccak256.Hash("older");
    private static readonly Hash32 Newer = Keccak256.Hash("newer");

    [Fact]
    public async Task A_publisher_moves_channels_and_revokes_and_the_guardian_marks()
    {
        using var cli = new CliProgram();
        var town = new Town(chain, cli);
        await town.SettleInAsync(Nowhere, "dave", "alice");
        await cli.RunAsync("wallet", "import", "guardian", "--light", "--key-file", cli.Write("key", Convert.ToHexStringLower(chain.Deployer.ExportBytes())));
        await town.MintAsync("dave", "page", Older);
        await town.MintAsync("dave", "page", Newer);

        await town.DoAsync("dave", "image", "channel", Digest(Older), "stable");
        await town.DoAsync("dave", "image", "channel", Digest(Newer), "stable");
        await town.DoAsync("dave", "image", "supersedes", "page", Digest(Older));
        await chain.PassAsync(3);
        var channels = await town.DoAsync("alice", "image", "channels", town["dave"].ToString(), "page");
        await town.DoAsync("dave", "image", "revoke", Digest(Older), "--reason", "leaky");
        var newer = await town.DoAsync("alice", "image", "show", "page");
        await town.DoAsync("guardian", "image", "malicious", Digest(Newer), "--reason", "steals");
        var marked = await town.DoAsync("alice", "image", "show", "page");

        Assert.Equal(["stable", "edge"], channels.EnumerateArray().Select(static c => Text(c, "channel")));
        Assert.Equal(Digest(Newer), Text(channels[0], "current"));
        Assert.Equal(JsonValueKind.Null, channels[1].GetProperty("current").ValueKind);
        Assert.Equal((Digest(Newer), Digest(Older), "good"), (Text(newer, "digest"), Text(newer, "supersedes"), Text(newer, "state")));
        Assert.Equal("malicious", Text(marked, "state"));
        await town.RefusedAsync("alice", "forbidden", "image", "revoke", Digest(Newer), "--reason", "envy");
        await town.RefusedAsync("dave", "image-revoked", "image", "revoke", Digest(Older), "--reason", "again");
        await town.RefusedAsync("dave", "invalid-value", "image", "supersedes", Digest(Older), Digest(Newer));
        await town.RefusedAsync("dave", "image-revoked", "image", "channel", Digest(Older), "edge");
        await town.RefusedAsync("dave", "forbidden", "image", "malicious", Digest(Older), "--reason", "envy");
    }

    [Fact]
    public async Task A_lease_is_funded_parked_resumed_disputed_and_given_back()
    {
        using var cli = new CliProgram();
        var town = new Town(chain, cli);
        await town.SettleInAsync(Nowhere, "alice", "dave", "host");
        var image = Keccak256.Hash("leased");
        await town.MintAsync("dave", "leased", image);
        var coe = await town.RegisterAsync("host");
        await town.DoAsync("alice", "deposit", "100");
        var key = await town.OpenAsync(await town.KeyAsync("alice"), coe, image);
        string lease = key.Id(new TypedDataDomain(LocalChain.ChainId, chain.Book.Address)).ToString();

        await town.RefusedAsync("alice", "lease-not-open", "lease", "park", lease[..12]);
        await town.RefusedAsync("alice", "not-found", "lease", "lapse", lease);
        await chain.PassAsync(40);
        await town.SettleAsync(key, 20);
        await town.DoAsync("alice", "lease", "dispute", lease, "10");
        await town.DoAsync("alice", "lease", "renew", lease[..12], "60");
        var renewed = await town.DoAsync("dave", "lease", "show", lease[..12]);
        var disputed = await town.DoAsync("dave", "lease", "show", lease);
        await town.RefusedAsync("alice", "order-conflict", "lease", "dispute", lease, "5");
        await chain.PassAsync(10);
        await town.DoAsync("dave", "lease", "lapse", lease);
        await town.DoAsync("alice", "lease", "park", lease);
        var parked = await town.DoAsync("dave", "lease", "show", lease);
        await town.DoAsync("alice", "lease", "resume", lease, "60");

        Assert.Equal(("Open", 20u, 360u), (Text(renewed, "state"), renewed.GetProperty("settledSeconds").GetUInt32(), renewed.GetProperty("limit").GetUInt32()));
        Assert.Equal(town["alice"].ToString(), Text(renewed, "user"));
        Assert.Equal(10u, disputed.GetProperty("disputedSeconds").GetUInt32());
        Assert.NotEqual("0", Text(disputed, "disputed"));
        Assert.Equal("Parked", Text(parked, "state"));
        await town.RefusedAsync("dave", "forbidden", "lease", "drain", lease);
        await town.RefusedAsync("dave", "forbidden", "lease", "move", lease);
        await town.RefusedAsync("alice", "invalid-value", "lease", "renew", lease, "100000");
        await town.RefusedAsync("dave", "lease-not-open", "lease", "expire", lease);
        await town.RefusedAsync("dave", "lease-not-open", "lease", "no-show", lease);
        await town.RefusedAsync("alice", "not-found", "lease", "show", "0xffffffff");

        await town.DoAsync("host", "lease", "drain", lease);
        var drained = await town.DoAsync("dave", "lease", "show", lease);
        Assert.Equal(("Ending", "HostDrain"), (Text(drained, "state"), Text(drained, "reason")));
        await town.RefusedAsync("host", "lease-not-open", "lease", "answer", lease);
        await chain.PassAsync(LocalChain.LateReports + 1);
        await town.DoAsync("dave", "lease", "finalise", lease);
        Assert.Equal("Closed", Text(await town.DoAsync("dave", "lease", "show", lease), "state"));
    }

    [Fact]
    public async Task The_committee_finds_faults_and_decides_disputes_and_a_guard_stops_an_image()
    {
        using var cli = new CliProgram();
        var town = new Town(chain, cli);
        await town.SettleInAsync(Nowhere, "alice", "bob", "dave", "host");
        await ImportAsync(cli, "member", chain.Scheduler);
        await chain.GiveCoinAsync(chain.Scheduler.Address);
        await ImportAsync(cli, "guard", chain.Deployer);
        var image = Keccak256.Hash("judged");
        await town.MintAsync("dave", "judged", image);
        var coe = await town.RegisterAsync("host");
        await town.DoAsync("alice", "deposit", "100");
        await town.DoAsync("bob", "deposit", "100");
        var key = await town.OpenAsync(await town.KeyAsync("alice"), coe, image);
        string lease = IdOf(key);
        await chain.PassAsync(40);
        await town.SettleAsync(key, 20);
        await town.DoAsync("alice", "lease", "dispute", lease, "10");

        string[] refund = ["lease", "decide", lease, "refund", "--seconds", "10"];
        await town.RefusedAsync("dave", "plan-refused", refund);
        await town.RefusedAsync("member", "plan-refused", "lease", "decide", lease, "refund", "--seconds", "9");
        await town.RefusedAsync("alice", "signature-mismatch", [.. refund, "--signature", (await SignAsync(town, "dave", refund)).Signature]);
        await town.DoAsync("member", refund);
        var decided = await town.DoAsync("dave", "lease", "show", lease);

        // What a member signs on one machine is sent from another.
        ulong now = (await chain.Client.GetHeadAsync(TestContext.Current.CancellationToken)).Timestamp;
        string[] fault = ["lease", "fault", lease, "--dead-since", $"{now}"];
        await town.RefusedAsync("member", "invalid-value", "lease", "fault", lease, "--dead-since", "1");
        var (signature, deadline) = await SignAsync(town, "member", fault);
        await town.RefusedAsync("dave", "signature-mismatch", [.. fault, "--deadline", $"{now + 7}", "--signature", signature]);
        await town.DoAsync("dave", [.. fault, "--deadline", deadline, "--signature", signature]);
        var faulty = await town.DoAsync("dave", "lease", "show", lease);
        await town.DoAsync("host", "lease", "answer", lease);

        string other = IdOf(await town.OpenAsync(await town.KeyAsync("bob"), coe, image));
        await town.RefusedAsync("dave", "invalid-value", "lease", "stop-malicious", other);
        await town.DoAsync("guard", "image", "malicious", "judged", "--reason", "steals");
        await town.DoAsync("dave", "lease", "stop-malicious", other);
        var stopped = await town.DoAsync("dave", "lease", "show", other);

        Assert.Equal(0u, decided.GetProperty("verdictUntil").GetUInt32());
        Assert.Equal(("Ending", "HostFault"), (Text(faulty, "state"), Text(faulty, "reason")));
        Assert.Equal(("Ending", "RevokedMalicious"), (Text(stopped, "state"), Text(stopped, "reason")));
    }

    [Fact]
    public async Task The_committee_moves_a_lease_to_what_its_channel_points_to()
    {
        using var cli = new CliProgram();
        var town = new Town(chain, cli);
        await town.SettleInAsync(Nowhere, "alice", "dave", "host");
        await ImportAsync(cli, "member", chain.Scheduler);
        await chain.GiveCoinAsync(chain.Scheduler.Address);
        var (first, second) = (Keccak256.Hash("first"), Keccak256.Hash("second"));
        await town.MintAsync("dave", "rolling", first);
        await town.MintAsync("dave", "rolling", second);
        var coe = await town.RegisterAsync("host");
        await town.DoAsync("alice", "deposit", "100");
        await town.DoAsync("dave", "image", "channel", Digest(first), "stable");
        string lease = IdOf(await town.OpenAsync(await town.KeyAsync("alice"), coe, first, followsChannel: true));
        await town.RefusedAsync("member", "plan-refused", "lease", "upgrade", lease);
        await town.DoAsync("dave", "image", "channel", Digest(second), "stable");
        await chain.PassAsync(60);

        await town.RefusedAsync("dave", "plan-refused", "lease", "upgrade", lease);
        await town.RefusedAsync("member", "invalid-value", "lease", "upgrade", lease, "--overlap", "601");
        await town.DoAsync("member", "lease", "upgrade", lease, "--overlap", "30");
        var ended = await town.DoAsync("dave", "lease", "show", lease);

        Assert.Equal(("Ending", "Upgrade"), (Text(ended, "state"), Text(ended, "reason")));
    }

    [Fact]
    public async Task User_and_host_open_a_lease_while_the_committee_is_silent()
    {
        using var cli = new CliProgram();
        var town = new Town(chain, cli);
        await town.SettleInAsync(Nowhere, "alice", "dave", "host");
        var image = Keccak256.Hash("unplanned");
        await town.MintAsync("dave", "unplanned", image);
        var coe = await town.RegisterAsync("host");
        await town.DoAsync("alice", "deposit", "100");
        string order = (await town.AdmitAsync(await town.KeyAsync("alice"), image)).ToString();
        string[] open = ["lease", "open-direct", order[..12], "--place", $"0-0={coe}"];

        var (early, until) = await SignAsync(town, "host", open);
        await town.RefusedAsync("alice", "plan-refused", [.. open, "--deadline", until, "--signature", early]);
        await chain.PassAsync(DirectTimeout);
        var (signature, deadline) = await SignAsync(town, "host", open);
        await town.RefusedAsync("alice", "plan-refused", open);
        await town.RefusedAsync("alice", "signature-mismatch", [.. open, "--deadline", until, "--signature", signature]);
        await town.RefusedAsync("alice", "not-found", "lease", "open-direct", order, "--place", $"0-1={coe}");
        var opened = await town.DoAsync("alice", [.. open, "--deadline", deadline, "--signature", signature]);
        var shown = await town.DoAsync("dave", "lease", "show", opened.GetProperty("leases")[0].GetString()!);

        Assert.Equal(("Open", order), (Text(shown, "state"), Text(shown, "order")));
    }

    private static async Task<(string Signature, string Deadline)> SignAsync(Town town, string wallet, string[] finding)
    {
        var signed = await town.DoAsync(wallet, [.. finding, "--sign"]);
        return (Text(signed, "signature"), $"{signed.GetProperty("deadline").GetUInt64()}");
    }

    private string IdOf(Dweb.Core.Protocol.Messages.LeaseKey key) => key.Id(new TypedDataDomain(LocalChain.ChainId, chain.Book.Address)).ToString();

    private static async Task ImportAsync(CliProgram cli, string wallet, PrivateKey key)
    {
        var imported = await cli.RunAsync("wallet", "import", wallet, "--light", "--key-file", cli.Write("key", Convert.ToHexStringLower(key.ExportBytes())));
        Assert.Equal(0, imported.ExitCode);
    }

    private static string Digest(Hash32 digest) => "sha256:" + digest.ToString()[2..];

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
