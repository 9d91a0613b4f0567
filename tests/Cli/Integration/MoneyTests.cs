using System.Numerics;
using Dweb.Chain.Contracts;
using Dweb.Chain.Keystores;
using Dweb.Cli.Tests.Running;
using Dweb.Core.Protocol;

namespace Dweb.Cli.Tests.Integration;

[Trait("Category", "Integration")]
public sealed class MoneyTests(LocalChain chain, LocalRegistry registry) : IClassFixture<LocalChain>, IClassFixture<LocalRegistry>
{
    [Fact]
    public async Task Every_wei_of_a_lease_finds_its_owner_and_a_diverted_one_is_missed()
    {
        using var cli = new CliProgram();
        var town = new Town(chain, cli);
        await town.SettleInAsync(registry.Endpoint, "alice", "carol", "dave", "host");
        var image = await PublishAsync(cli, town);
        var coe = await town.RegisterAsync("host");
        await town.DoAsync("alice", "deposit", "100");
        var alice = KeystoreV3.Decrypt(await File.ReadAllTextAsync(Path.Combine(cli.Home, "wallets", "alice.json"), TestContext.Current.CancellationToken), CliProgram.Password);

        var lease = await town.OpenAsync(alice, coe, image);
        await chain.PassAsync(40);
        await town.SettleAsync(lease, 20);
        var open = await cli.RunAsync("ledger", "--strict", "--json");
        await chain.SendAsync(alice, chain.Book.End([ContractArguments.Of(lease)]));
        await town.SettleAsync(lease, 30);
        await chain.PassAsync(LocalChain.LateReports + (3 * LocalChain.MaturingEpoch));
        await chain.SendAsync(chain.Deployer, chain.Book.Finalise([ContractArguments.Of(lease)]));
        var host = await town.DoAsync("host", "coe", "withdraw", "fra");
        var royalties = await town.DoAsync("carol", "code", "pull-royalty", "--all");
        var fees = await town.DoAsync("alice", "fees", "withdraw");
        await town.DoAsync("alice", "withdraw");
        var books = await town.DoAsync("alice", "ledger", "--strict");

        Assert.Equal(1, open.ExitCode);
        Assert.Equal("ledger-open", open.Problem().GetProperty("code").GetString());
        Assert.Equal(Amount.Parse("100"), Wei(books, "deposited"));
        Assert.Equal(Wei(books, "deposited"), Wei(books, "coeHosts") + Wei(books, "royalties") + Wei(books, "treasury") + Wei(books, "refunded"));
        Assert.Equal((0, 0), (Wei(books, "difference"), Wei(books, "fenced")));
        Assert.Equal(2, books.GetProperty("settlements").GetInt32());
        Assert.All([Wei(host, "amount"), Wei(royalties, "total"), Wei(fees, "fees")], static amount => Assert.True(amount > 0));
        Assert.Equal((Wei(host, "amount"), Wei(royalties, "total"), Wei(fees, "fees")), (Wei(books, "coeHosts"), Wei(books, "royalties"), Wei(books, "treasury")));
        var code = await chain.Token.BalanceOfAsync(town["carol"], cancellationToken: TestContext.Current.CancellationToken) - Amount.Parse("2000");
        var self = await chain.Token.BalanceOfAsync(town["dave"], cancellationToken: TestContext.Current.CancellationToken) - Amount.Parse("2000");
        Assert.Equal((Wei(books, "royalties") * 4 / 5, Wei(books, "royalties")), (code, code + self));

        await town.DoAsync("alice", "deposit", "1");
        await town.DoAsync("alice", "ledger", "--strict");
        await chain.ImpersonateAsync(chain.Book.Address, chain.Token.Transfer(town["dave"], 1));
        var diverted = await cli.RunAsync("ledger", "--strict");

        Assert.Equal(1, diverted.ExitCode);
        Assert.Contains("the difference is 1 wei", diverted.Errors, StringComparison.Ordinal);
    }

    private static async Task<Hash32> PublishAsync(CliProgram cli, Town town)
    {
        await town.DoAsync("carol", "code", "create", "page");
        await town.DoAsync("carol", "code", "release", "page", "1.0", "--source", cli.Write("page.c", "int main;"), "--uri", "https://example.org/page", "--license", "MIT");
        string root = Directory.CreateDirectory(Path.Combine(cli.Folder, "rootfs")).FullName;
        await File.WriteAllTextAsync(Path.Combine(root, "page"), "binary", TestContext.Current.CancellationToken);
        string[] publish = ["image", "publish", root, "--name", "demo/page", "--entrypoint", "/page", "--cmd", "-h", "--component", "page@1.0=4", "--self-weight", "1", "--royalty-bps", "500"];

        var first = await town.DoAsync("dave", publish);
        var second = await town.DoAsync("dave", publish);
        var verified = await town.DoAsync("dave", "image", "verify", "demo/page");

        Assert.True(first.GetProperty("pushed").GetBoolean());
        Assert.False(second.GetProperty("pushed").GetBoolean());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, second.GetProperty("transaction").ValueKind);
        Assert.Equal(first.GetProperty("digest").GetString(), second.GetProperty("digest").GetString());
        Assert.Equal(first.GetProperty("digest").GetString(), verified.GetProperty("digest").GetString());
        return Hash32.Parse(first.GetProperty("tokenId").GetString()!);
    }

    private static BigInteger Wei(System.Text.Json.JsonElement json, string name) => BigInteger.Parse(json.GetProperty(name).GetString()!, System.Globalization.CultureInfo.InvariantCulture);
}
