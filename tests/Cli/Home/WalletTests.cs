using System.Text.Json;
using Dweb.Chain.Keystores;
using Dweb.Chain.Signing;
using Dweb.Cli.Tests.Running;

namespace Dweb.Cli.Tests.Home;

public sealed class WalletTests
{
    private const string Key = "0x4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318";

    [Fact]
    public async Task A_new_wallet_is_a_keystore_that_only_its_owner_may_read()
    {
        using var cli = new CliProgram();

        var made = await cli.RunAsync("wallet", "new", "alice", "--light", "--json");

        Assert.Equal(0, made.ExitCode);
        string path = Path.Combine(cli.Home, "wallets", "alice.json");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        var key = KeystoreV3.Decrypt(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken), CliProgram.Password);
        Assert.Equal(made.Json().GetProperty("address").GetString(), key.Address.ToString());
        Assert.Empty(Directory.EnumerateFiles(Path.GetDirectoryName(path)!, ".*"));
    }

    [Fact]
    public async Task A_wallet_is_strong_unless_asked_otherwise()
    {
        using var cli = new CliProgram();

        await cli.RunAsync("wallet", "new", "strong");
        await cli.RunAsync("wallet", "new", "weak", "--light");

        Assert.Equal(262_144, CostOf(cli, "strong"));
        Assert.Equal(4_096, CostOf(cli, "weak"));
    }

    [Fact]
    public async Task An_imported_key_keeps_its_address_and_wallets_are_listed_by_name()
    {
        using var cli = new CliProgram();
        string file = cli.Write("key", Key + "\n");

        await cli.RunAsync("wallet", "import", "zoe", "--key-file", file, "--light");
        await cli.RunAsync("wallet", "new", "alice", "--light");
        var listed = (await cli.RunAsync("wallet", "ls", "--json")).Json();

        Assert.Equal(["alice", "zoe"], listed.EnumerateArray().Select(static wallet => wallet.GetProperty("name").GetString()!));
        Assert.Equal(PrivateKey.Parse(Key).Address.ToString(), listed[1].GetProperty("address").GetString());
    }

    [Fact]
    public async Task A_key_comes_from_standard_input_or_a_keystore_too()
    {
        using var cli = new CliProgram { Input = Key + "\n" };
        using var other = new CliProgram();

        await cli.RunAsync("wallet", "import", "alice", "--light");
        string keystore = other.Write("alice.keystore", File.ReadAllText(Path.Combine(cli.Home, "wallets", "alice.json")));
        string old = other.Write("old", CliProgram.Password + "\n");
        var moved = await other.RunAsync("wallet", "import", "bob", "--keystore", keystore, "--keystore-password-file", old, "--password-file", other.Write("new", "new password"), "--light", "--json");
        var locked = await other.RunAsync("wallet", "import", "carol", "--keystore", keystore, "--password-file", other.Write("new", "new password"), "--light", "--json");

        Assert.Equal(PrivateKey.Parse(Key).Address.ToString(), moved.Json().GetProperty("address").GetString());
        Assert.Equal((1, "wrong-password"), (locked.ExitCode, locked.Problem().GetProperty("code").GetString()));
        Assert.False(File.Exists(Path.Combine(other.Home, "wallets", "carol.json")));
    }

    [Fact]
    public async Task Without_a_key_nothing_is_imported_and_none_is_taken_from_an_argument()
    {
        using var cli = new CliProgram();

        var none = await cli.RunAsync("wallet", "import", "alice", "--light");
        var argument = await cli.RunAsync("wallet", "import", "alice", Key, "--light");
        var both = await cli.RunAsync("wallet", "import", "alice", "--key-file", "a", "--keystore", "b", "--light");
        var broken = await cli.RunAsync("wallet", "import", "alice", "--keystore", cli.Write("no-keystore", "{}"), "--light");

        Assert.Equal((1, 2, 1, 1), (none.ExitCode, argument.ExitCode, both.ExitCode, broken.ExitCode));
        Assert.False(Directory.Exists(Path.Combine(cli.Home, "wallets")));
    }

    [Fact]
    public async Task A_name_that_is_taken_keeps_its_key()
    {
        using var cli = new CliProgram();
        await cli.RunAsync("wallet", "new", "alice", "--light");
        string before = File.ReadAllText(Path.Combine(cli.Home, "wallets", "alice.json"));

        var again = await cli.RunAsync("wallet", "new", "alice", "--light", "--json");

        Assert.Equal(1, again.ExitCode);
        Assert.Equal("name-taken", again.Problem().GetProperty("code").GetString());
        Assert.Equal(before, File.ReadAllText(Path.Combine(cli.Home, "wallets", "alice.json")));
    }

    [Theory]
    [InlineData("../alice")]
    [InlineData("Alice")]
    [InlineData(".alice")]
    public async Task A_name_that_could_be_a_path_is_refused(string name)
    {
        using var cli = new CliProgram();

        var result = await cli.RunAsync("wallet", "new", name, "--light");

        Assert.Equal(1, result.ExitCode);
        Assert.False(Directory.Exists(Path.Combine(cli.Home, "wallets")));
    }

    [Fact]
    public async Task A_key_with_a_typing_error_is_refused_without_being_repeated()
    {
        using var cli = new CliProgram();
        string file = cli.Write("key", Key[..^1] + "g");

        var result = await cli.RunAsync("wallet", "import", "alice", "--key-file", file, "--light");

        Assert.Equal(1, result.ExitCode);
        Assert.DoesNotContain(Key[4..20], result.Errors, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Without_a_terminal_a_password_comes_from_a_file_or_not_at_all()
    {
        using var cli = new CliProgram();

        var none = await cli.RunAsync(withPassword: false, "wallet", "new", "alice", "--light", "--json");
        var missing = await cli.RunAsync(withPassword: false, "wallet", "new", "alice", "--light", "--json", "--password-file", Path.Combine(cli.Folder, "no-such-file"));
        var empty = await cli.RunAsync(withPassword: false, "wallet", "new", "alice", "--light", "--json", "--password-file", cli.Write("empty", ""));

        Assert.All([none, missing, empty], static result =>
        {
            Assert.Equal(1, result.ExitCode);
            Assert.Equal("password-needed", result.Problem().GetProperty("code").GetString());
        });
        Assert.False(File.Exists(Path.Combine(cli.Home, "wallets", "alice.json")));
    }

    [Theory]
    [InlineData("carol", "wallet-unknown")]
    [InlineData("al", "ambiguous-name")]
    public async Task A_wallet_is_named_by_a_unique_prefix(string prefix, string code)
    {
        using var cli = new CliProgram();
        await cli.RunAsync("wallet", "new", "alice", "--light");
        await cli.RunAsync("wallet", "new", "albert", "--light");

        var refused = await cli.RunAsync("wallet", "balance", prefix, "--json");
        var found = await cli.RunAsync("wallet", "balance", "alb", "--json");

        Assert.Equal(code, refused.Problem().GetProperty("code").GetString());
        Assert.Equal("invalid-setting", found.Problem().GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_wrong_password_opens_nothing()
    {
        using var plane = new FakeControlPlane(static _ => new FakeAnswer(200, "[]"));
        using var cli = new CliProgram();
        cli.Configure(plane.Address);
        await cli.RunAsync("wallet", "new", "alice", "--light");

        var result = await cli.RunAsync("ps", "--wallet", "alice", "--password-file", cli.Write("other", "wrong"), "--json");

        Assert.Equal(1, result.ExitCode);
        Assert.Equal("wrong-password", result.Problem().GetProperty("code").GetString());
        Assert.Equal(0, plane.Logins);
    }

    private static int CostOf(CliProgram cli, string wallet) => JsonDocument.Parse(File.ReadAllText(Path.Combine(cli.Home, "wallets", wallet + ".json")))
        .RootElement.GetProperty("crypto").GetProperty("kdfparams").GetProperty("n").GetInt32();
}
