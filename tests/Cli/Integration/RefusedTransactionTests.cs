using Dweb.Cli.Tests.Running;
using Dweb.Core.Protocol;

namespace Dweb.Cli.Tests.Integration;

[Trait("Category", "Integration")]
public sealed class RefusedTransactionTests(LocalChain chain) : IClassFixture<LocalChain>
{
    [Fact]
    public async Task What_a_contract_would_refuse_is_told_in_words_and_nothing_is_sent()
    {
        using var cli = new CliProgram();
        var town = new Town(chain, cli);
        await town.SettleInAsync(new Uri("http://127.0.0.1:9"), "alice", "bob");
        await town.DoAsync("alice", "deposit", "5");
        await town.DoAsync("alice", "code", "create", "page");
        ulong sent = await SentAsync(town["alice"]);

        (string Code, string[] Command)[] refused =
        [
            ("insufficient-balance", ["withdraw", "6"]),
            ("invalid-value", ["withdraw", "0"]),
            ("wallet-too-poor", ["deposit", "1000000"]),
            ("name-taken", ["code", "create", "page", "--payee", town["bob"].ToString()]),
            ("not-found", ["code", "release", "nothing", "1", "--source", cli.PasswordFile, "--uri", "u", "--license", "MIT"]),
            ("not-found", ["coe", "withdraw", "nowhere"]),
            ("not-found", ["image", "publish", cli.Home, "--name", "x", "--component", "page@9=1"]),
        ];
        foreach (var (code, command) in refused)
        {
            var result = await cli.RunAsync([.. command, "--wallet", "alice", "--yes", "--json"]);
            Assert.Equal((1, code), (result.ExitCode, result.Problem().GetProperty("code").GetString()));
        }

        Assert.Equal(sent, await SentAsync(town["alice"]));
        Assert.Equal(Amount.Parse("5"), await chain.Book.FreeOfAsync(town["alice"], cancellationToken: TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Nothing_is_signed_unseen()
    {
        using var cli = new CliProgram();
        var town = new Town(chain, cli);
        await town.SettleInAsync(new Uri("http://127.0.0.1:9"), "alice");
        ulong sent = await SentAsync(town["alice"]);

        var result = await cli.RunAsync("deposit", "5", "--wallet", "alice");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains($"alice ({town["alice"]}) would sign: a permit and the deposit of 5 DWEB", result.Errors, StringComparison.Ordinal);
        Assert.Contains("--yes", result.Errors, StringComparison.Ordinal);
        Assert.Equal(sent, await SentAsync(town["alice"]));
    }

    [Fact]
    public async Task Commands_of_one_wallet_at_once_do_not_take_each_others_turn()
    {
        using var cli = new CliProgram();
        var town = new Town(chain, cli);
        await town.SettleInAsync(new Uri("http://127.0.0.1:9"), "alice");

        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => town.DoAsync("alice", "code", "create", $"page-{i}")));

        Assert.Equal(4, (await new Dweb.Chain.Contracts.CodeRegistry(chain.Client, EvmAddress.Parse(Address("CodeRegistry"))).BalanceOfAsync(
            town["alice"], cancellationToken: TestContext.Current.CancellationToken)));
    }

    private string Address(string contract) =>
        System.Text.Json.JsonDocument.Parse(chain.DeploymentFile).RootElement.GetProperty("contracts").GetProperty(contract).GetString()!;

    private Task<ulong> SentAsync(EvmAddress account) =>
        chain.Client.GetTransactionCountAsync(account, Dweb.Chain.Rpc.BlockTag.Latest, TestContext.Current.CancellationToken);
}
