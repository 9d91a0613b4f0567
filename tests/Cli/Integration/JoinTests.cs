using System.Text.Json;
using Dweb.Chain.Rpc;
using Dweb.Chain.Signing;
using Dweb.Cli.Hosting;
using Dweb.Cli.Tests.Running;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Cli.Tests.Integration;

/// <summary>From a machine to a COE on a real chain, and a machine on which nothing of it is left; without systemd and engine, which are not asked.</summary>
[Trait("Category", "Integration")]
public sealed class JoinTests(LocalChain chain) : IClassFixture<LocalChain>
{
    private static readonly Uri Nowhere = new("http://127.0.0.1:9");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_shown_is_on_chain_the_agent_reads_its_settings_and_joining_again_changes_nothing()
    {
        using var cli = new CliProgram();
        var (town, host) = await SettleAsync(cli, "host");

        var shown = await town.DoAsync("host", host.Join("ber", "--dry-run"));
        Assert.Equal((0, false), (shown.GetProperty("steps").GetArrayLength(), Directory.Exists(host.Config)));
        var joined = await town.DoAsync("host", host.Join("ber"));
        var id = Hash32.Parse(Text(joined, "coe"));
        var coe = await host.OnChainAsync(id);

        Assert.Equal((town["host"], host.Key().Address, "ber"), (coe.Host, coe.Agent, coe.Name));
        Assert.Equal(joined.GetProperty("capacity").EnumerateArray().Select(static n => n.GetUInt64()), coe.Capacity);
        Assert.Equal((1000UL, Text(shown, "coe")), (coe.Capacity[3], id.ToString()));
        Assert.Equal(joined.GetProperty("asks").EnumerateArray().Select(static ask => ask.GetString()), coe.Ask.Select(static ask => ask.ToString(null, null)));
        Assert.Equal(Text(joined, "stake"), coe.Stake.ToString(null, null));
        Assert.Equal(
            [("wallet", "found"), ("agent key", "done"), ("registration", "done"), ("settings", "done"), ("service", "left")],
            HostMachine.Steps(joined).Select(static step => (step.Key, step.Value)));
        Assert.True(FreeRange.TryParse(Text(joined.GetProperty("settings"), "networkRange"), out _));
        var found = await host.ExamineAsync();
        Assert.All(["settings", "key", "keystore", "password", "registration", "COE", "stake", "capacity"], check => Assert.Equal("Ok", found[check]));

        var (files, sent) = (Contents(host), await SentAsync(town["host"]));
        var again = await town.DoAsync("host", host.Join("ber"));
        Assert.Equal(
            [("wallet", "found"), ("agent key", "found"), ("registration", "found"), ("settings", "found"), ("service", "left")],
            HostMachine.Steps(again).Select(static step => (step.Key, step.Value)));
        Assert.Equal((sent, true), (await SentAsync(town["host"]), again.GetProperty("wasRegistered").GetBoolean()));
        Assert.Equal(files, Contents(host));
        await town.RefusedAsync("host", "invalid-value", host.Join("ber", "--cpu", "1"));
        await town.RefusedAsync("host", "name-taken", host.Join("muc"));
        var ranged = await town.DoAsync("host", host.Join("ber", "--network-range", "10.9.0.0/20", "--rewrite"));
        Assert.Equal(("done", "10.9.0.0/20"), (HostMachine.Steps(ranged)["settings"], Text((await town.DoAsync("host", host.Join("ber"))).GetProperty("settings"), "networkRange")));
    }

    [Fact]
    public async Task Nothing_is_signed_that_nobody_has_seen()
    {
        using var cli = new CliProgram();
        var (town, host) = await SettleAsync(cli, "host");
        ulong sent = await SentAsync(town["host"]);

        var asked = await cli.RunAsync([.. host.Join("ber"), "--wallet", "host"]);

        Assert.Equal(2, asked.ExitCode);
        Assert.Contains("memory MiB", asked.Errors, StringComparison.Ordinal);
        Assert.Contains("error: host", asked.Errors, StringComparison.Ordinal);
        Assert.Equal((sent, false), (await SentAsync(town["host"]), Directory.Exists(host.Config)));
        await town.RefusedAsync("host", "invalid-value", ["coe", "join", "ber", "--region", "eu-central", .. host.Folders]);
        var mistyped = await cli.RunAsync([.. host.Join("ber"), "--share", "101", "--wallet", "host"]);
        Assert.Equal(2, mistyped.ExitCode);
        Assert.Equal(2, (await cli.RunAsync([.. host.Join("ber"), "--network-range", "10.0.0.0/8", "--wallet", "host"])).ExitCode);
    }

    [Fact]
    public async Task A_wallet_that_is_not_there_is_made_and_joining_goes_on_once_it_has_money()
    {
        using var cli = new CliProgram();
        var (town, host) = await SettleAsync(cli, "rich");

        var poor = await cli.RunAsync([.. host.Join("ber", "--light"), "--wallet", "fresh", "--yes", "--json"]);
        var wallet = (await town.KeyAsync("fresh")).Address;
        Assert.Equal((1, "wallet-too-poor"), (poor.ExitCode, poor.Problem().GetProperty("code").GetString()));
        Assert.Contains(wallet.ToString(), poor.Problem().GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(host.Config));

        await town.DoAsync("rich", "token", "send", "fresh", "1000");
        await chain.GiveCoinAsync(wallet);
        var joined = await town.DoAsync("fresh", host.Join("ber"));
        Assert.Equal(wallet, (await host.OnChainAsync(Hash32.Parse(Text(joined, "coe")))).Host);
    }

    [Fact]
    public async Task A_wallet_can_be_brought_along()
    {
        using var cli = new CliProgram();
        var (town, host) = await SettleAsync(cli);
        var key = PrivateKey.Create();
        string file = cli.Write("key", Convert.ToHexStringLower(key.ExportBytes()));

        await cli.RunAsync([.. host.Join("ber", "--light", "--key-file", file), "--wallet", "brought", "--yes", "--json"]);

        Assert.Equal(key.Address, (await town.KeyAsync("brought")).Address);
    }

    [Fact]
    public async Task One_that_is_killed_once_its_COE_is_registered_goes_on_from_there()
    {
        using var cli = new CliProgram();
        var (town, host) = await SettleAsync(cli, "host");
        var id = Ids.Coe(new TypedDataDomain(LocalChain.ChainId, RegistryAddress()), town["host"], "ber");

        // The first question to a contract after the registration: the agent's settings are not written yet.
        using (var gate = new NodeGate(chain.Endpoint, async question => question.Contains("eth_call", StringComparison.Ordinal) && !(await host.OnChainAsync(id)).Host.IsZero))
        {
            using var process = cli.Start(withPassword: true, [.. host.Join("ber"), "--rpc", gate.Address, "--wallet", "host", "--yes", "--json"]);
            var errors = process.StandardError.ReadToEndAsync(Stop);
            await Task.WhenAny(gate.Held, process.WaitForExitAsync(Stop));
            Assert.True(gate.Held.IsCompleted, process.HasExited ? await errors : "");
            process.Kill();
            await process.WaitForExitAsync(Stop);
        }

        var key = host.Key().Address;
        Assert.False(File.Exists(host.Settings));
        var joined = await town.DoAsync("host", host.Join("ber"));

        Assert.Equal(
            [("wallet", "found"), ("agent key", "found"), ("registration", "found"), ("settings", "done"), ("service", "left")],
            HostMachine.Steps(joined).Select(static step => (step.Key, step.Value)));
        Assert.Equal((key, id), ((await host.OnChainAsync(id)).Agent, Hash32.Parse(Text(joined, "coe"))));
        Assert.Equal("Ok", (await host.ExamineAsync())["registration"]);
    }

    [Fact]
    public async Task Leaving_gives_back_withdraws_and_removes_everything()
    {
        using var cli = new CliProgram();
        var (town, host) = await SettleAsync(cli, "host", "alice", "dave");
        var coe = Hash32.Parse(Text(await town.DoAsync("host", host.Join("ber")), "coe"));
        var before = await chain.Token.BalanceOfAsync(town["host"], cancellationToken: Stop) + (await host.OnChainAsync(coe)).Stake;
        var image = Keccak256.Hash("left");
        await town.MintAsync("dave", "left", image);
        await town.DoAsync("alice", "deposit", "100");
        var lease = await town.OpenAsync(await town.KeyAsync("alice"), coe, image);
        await chain.PassAsync(40);
        await town.SettleAsync(lease, 20, host.Key());
        var status = await town.DoAsync("host", ["coe", "status", .. host.Folders]);
        Assert.Equal((1, JsonValueKind.Null, JsonValueKind.Null), (status.GetProperty("leases").GetArrayLength(), status.GetProperty("heard").ValueKind, status.GetProperty("service").ValueKind));

        var live = await LeaveAsync(town, host);
        Assert.Equal(("done", "left", "left"), (live.Steps["drain"], live.Steps["leases"], live.Steps["stake"]));
        var ending = await LeaveAsync(town, host, "--now");
        Assert.Equal(("found", "left"), (ending.Steps["drain"], ending.Steps["leases"]));

        await chain.PassAsync(60);
        var unbonding = await LeaveAsync(town, host);
        Assert.Equal(("done", "done", "left", "left", "left"), (unbonding.Steps["leases"], unbonding.Steps["earnings"], unbonding.Steps["stake"], unbonding.Steps["containers"], unbonding.Steps["files"]));
        Assert.True(File.Exists(host.Settings));

        await chain.PassAsync(31);
        string other = Directory.CreateDirectory(Path.Combine(cli.Folder, "photos")).FullName;
        string photo = Path.Combine(other, "photo.jpg");
        await File.WriteAllTextAsync(photo, "not an agent's", Stop);
        string[] mistyped = [.. host.Leave("ber", "--keep-containers").Select(word => word == host.Data ? other : word)];
        var strange = await cli.RunAsync([.. mistyped, "--wallet", "host", "--yes", "--json"]);
        Assert.Equal((1, "invalid-value", true), (strange.ExitCode, strange.Problem().GetProperty("code").GetString(), File.Exists(photo)));

        Directory.CreateDirectory(host.Data);
        await File.WriteAllTextAsync(Path.Combine(host.Data, "identity.json"), "{}", Stop);
        var gone = await LeaveAsync(town, host, "--keep-containers");
        var left = await host.OnChainAsync(coe);
        Assert.Equal(("found", "done", true), (gone.Steps["stake"], gone.Steps["files"], gone.Gone));
        Assert.Equal((0, 0, CoeStatus.Draining), ((int)left.Stake, (int)left.Unbonding, (CoeStatus)left.Status));
        Assert.False(Directory.Exists(host.Config) || Directory.Exists(host.Data));
        Assert.Equal(before + System.Numerics.BigInteger.Parse(Text(status, "earned"), null), await chain.Token.BalanceOfAsync(town["host"], cancellationToken: Stop));
        Assert.NotEqual("0", Text(status, "earned"));

        var nothing = await LeaveAsync(town, host);
        Assert.True(nothing.Gone);
        Assert.All(nothing.Steps.Values, static state => Assert.Equal("found", state));
    }

    [Fact]
    public async Task Only_its_host_takes_a_COE_away_and_only_its_own_files()
    {
        using var cli = new CliProgram();
        var (town, host) = await SettleAsync(cli, "host", "mallory");
        var coe = await town.DoAsync("host", host.Join("ber"));
        await town.RegisterAsync("host");

        await town.RefusedAsync("mallory", "forbidden", host.Leave(Text(coe, "coe")));
        await town.RefusedAsync("host", "invalid-setting", host.Leave("fra"));
    }

    private async Task<(Town Town, HostMachine Host)> SettleAsync(CliProgram cli, params string[] names)
    {
        var town = new Town(chain, cli);
        await town.SettleInAsync(Nowhere, names);
        return (town, new HostMachine(cli, chain));
    }

    private static async Task<(IReadOnlyDictionary<string, string> Steps, bool Gone)> LeaveAsync(Town town, HostMachine host, params string[] more)
    {
        var left = await town.DoAsync("host", host.Leave("ber", more));
        return (HostMachine.Steps(left), left.GetProperty("gone").GetBoolean());
    }

    private EvmAddress RegistryAddress() =>
        EvmAddress.Parse(JsonDocument.Parse(chain.DeploymentFile).RootElement.GetProperty("contracts").GetProperty("CoeRegistry").GetString()!);

    private Task<ulong> SentAsync(EvmAddress wallet) => chain.Client.GetTransactionCountAsync(wallet, BlockTag.Latest, Stop);

    private static string[] Contents(HostMachine host) => [.. Directory.EnumerateFiles(host.Config).Order(StringComparer.Ordinal).Select(static file => file + File.ReadAllText(file))];

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
