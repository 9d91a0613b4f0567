using Dweb.Cli.Tests.Running;

namespace Dweb.Cli.Tests.Invocation;

public sealed class UsageTests
{
    [Theory]
    [InlineData("dweb --help")]
    [InlineData("dweb --help", "unknown")]
    [InlineData("dweb wallet --help", "wallet")]
    [InlineData("dweb wallet new --help", "wallet", "new")]
    [InlineData("dweb deposit --help", "deposit", "12,5")]
    [InlineData("dweb deposit --help", "deposit", "-1")]
    [InlineData("dweb deploy --help", "deploy", "compose.yaml", "--nonsense")]
    [InlineData("dweb events --help", "events", "shop", "--since", "yesterday")]
    [InlineData("dweb topup --help", "topup", "shop", "much")]
    [InlineData("dweb scale --help", "scale", "shop")]
    [InlineData("dweb scale --help", "scale", "shop", "web=0")]
    [InlineData("dweb update --help", "update", "compose.yaml", "--scale", "web")]
    [InlineData("dweb resume --help", "resume", "shop", "--for", "long")]
    [InlineData("dweb logs --help", "logs")]
    [InlineData("dweb ledger --help", "ledger", "--from", "first")]
    [InlineData("dweb image publish --help", "image", "publish", "dir", "--name", "x", "--component", "lib@1=0")]
    public async Task A_wrong_question_ends_with_2_and_names_the_help(string help, params string[] arguments)
    {
        using var cli = new CliProgram();

        var result = await cli.RunAsync(arguments);

        Assert.Equal(2, result.ExitCode);
        Assert.Empty(result.Output);
        string[] lines = result.Errors.TrimEnd().Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("error: ", lines[0], StringComparison.Ordinal);
        Assert.Equal($"hint: See '{help}'.", lines[1]);
    }

    [Fact]
    public async Task A_wrong_question_for_json_is_a_problem_document()
    {
        using var cli = new CliProgram();

        var result = await cli.RunAsync("deposit", "much", "--json");

        Assert.Equal(2, result.ExitCode);
        Assert.Equal("invalid-value", result.Problem().GetProperty("code").GetString());
        Assert.Contains("'much'", result.Problem().GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_ends_with_an_example()
    {
        using var cli = new CliProgram();

        var result = await cli.RunAsync("image", "publish", "--help");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("dweb image publish <DIR>", result.Output, StringComparison.Ordinal);
        Assert.Contains("Example:\n  dweb image publish ./rootfs", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version_is_one_line()
    {
        using var cli = new CliProgram();

        var result = await cli.RunAsync("--version");

        Assert.Equal(0, result.ExitCode);
        Assert.Matches("^[0-9]+\\.[0-9]+\\.[0-9]+\n$", result.Output);
    }

    [Fact]
    public async Task What_is_not_configured_is_named()
    {
        using var cli = new CliProgram();
        await cli.RunAsync("wallet", "new", "alice", "--light");

        var result = await cli.RunAsync("wallet", "balance", "alice");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("rpcUrl", result.Errors, StringComparison.Ordinal);
        Assert.Contains("hint: ", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_that_are_no_json_are_named_with_their_file()
    {
        using var cli = new CliProgram();
        await File.WriteAllTextAsync(Path.Combine(cli.Home, "config.json"), "{ \"endpoint\": ", TestContext.Current.CancellationToken);

        var result = await cli.RunAsync("coe", "ls");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(Path.Combine(cli.Home, "config.json"), result.Errors, StringComparison.Ordinal);
    }
}
