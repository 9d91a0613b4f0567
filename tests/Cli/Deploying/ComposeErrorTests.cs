using Dweb.Cli.Tests.Running;

namespace Dweb.Cli.Tests.Deploying;

public sealed class ComposeErrorTests
{
    [Theory]
    [InlineData("quote")]
    [InlineData("deploy")]
    public async Task An_unsupported_key_is_named_with_file_and_line_before_anything_is_asked(string verb)
    {
        using var cli = new CliProgram();
        await cli.RunAsync("wallet", "new", "alice", "--light");
        cli.Write("shop.yaml", "services:\n  web:\n    image: demo/web\n    privileged: true\n");

        var people = await cli.RunAsync(verb, "shop.yaml", "--wallet", "alice");
        var machine = await cli.RunAsync(verb, "shop.yaml", "--wallet", "alice", "--json");

        Assert.Equal(1, people.ExitCode);
        Assert.StartsWith("error: shop.yaml:4: ", people.Errors, StringComparison.Ordinal);
        Assert.Contains("privileged", people.Errors, StringComparison.Ordinal);
        Assert.Equal("compose-unsupported-key", machine.Problem().GetProperty("code").GetString());
        Assert.Equal("shop.yaml:4", machine.Problem().GetProperty("field").GetString());
    }

    [Fact]
    public async Task A_file_that_is_no_compose_file_is_refused()
    {
        using var cli = new CliProgram();
        cli.Write("shop.yaml", "services: [\n");

        var result = await cli.RunAsync("quote", "shop.yaml", "--json");

        Assert.Equal(1, result.ExitCode);
        Assert.Equal("compose-malformed", result.Problem().GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_named()
    {
        using var cli = new CliProgram();

        var result = await cli.RunAsync("quote", "nowhere.yaml");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("nowhere.yaml", result.Errors, StringComparison.Ordinal);
    }
}
