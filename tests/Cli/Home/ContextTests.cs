using Dweb.Cli.Tests.Running;

namespace Dweb.Cli.Tests.Home;

public sealed class ContextTests
{
    [Fact]
    public async Task A_context_is_added_listed_chosen_and_overridden()
    {
        using var here = new FakeControlPlane(static _ => new FakeAnswer(200, "[]"));
        using var there = new FakeControlPlane(static _ => new FakeAnswer(200, "[]"));
        using var cli = new CliProgram();
        cli.Configure(here.Address);
        cli.Write("there.json", Deployments.Text(77));

        var added = await cli.RunAsync("context", "add", "there", "--endpoint", there.Address, "--rpc", "http://127.0.0.1:9", "--deployment", "there.json", "--wallet", "alice", "--json");
        await cli.RunAsync("coe", "ls");
        await cli.RunAsync("coe", "ls", "--context", "there");
        var used = await cli.RunAsync("context", "use", "th");
        await cli.RunAsync("coe", "ls");
        await cli.RunAsync("coe", "ls", "--context", "default");
        await cli.RunAsync("coe", "ls", "--endpoint", here.Address);
        var listed = (await cli.RunAsync("context", "ls", "--json")).Json();

        Assert.Equal((0, false, 77), (added.ExitCode, added.Json().GetProperty("current").GetBoolean(), added.Json().GetProperty("chainId").GetInt32()));
        Assert.Equal(0, used.ExitCode);
        Assert.Equal((3, 2), (here.Requests.Count, there.Requests.Count));
        Assert.Equal([("default", false, null), ("there", true, "alice")], listed.EnumerateArray().Select(static c => (
            c.GetProperty("name").GetString(), c.GetProperty("current").GetBoolean(), c.GetProperty("wallet").GetString())));
        Assert.Equal((UnixFileMode)0, File.GetUnixFileMode(Path.Combine(cli.Home, "config.json")) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead));
    }

    [Theory]
    [InlineData("invalid-value", "context", "add", "prod", "--rpc", "http://127.0.0.1:9", "--deployment", "there.json")]
    [InlineData("invalid-setting", "context", "add", "prod", "--endpoint", "127.0.0.1:9", "--rpc", "http://127.0.0.1:9", "--deployment", "there.json")]
    [InlineData("invalid-setting", "context", "add", "prod", "--endpoint", "http://127.0.0.1:9", "--rpc", "http://127.0.0.1:9", "--deployment", "nowhere.json")]
    [InlineData("invalid-value", "context", "add", "default", "--endpoint", "http://127.0.0.1:9", "--rpc", "http://127.0.0.1:9", "--deployment", "there.json")]
    [InlineData("not-found", "context", "use", "nowhere")]
    [InlineData("not-found", "coe", "ls", "--context", "nowhere")]
    public async Task A_context_that_would_not_work_is_refused_and_nothing_is_written(string code, params string[] arguments)
    {
        using var cli = new CliProgram();
        cli.Write("there.json", Deployments.Text(77));

        var result = await cli.RunAsync([.. arguments, "--json"]);

        Assert.Equal((1, code), (result.ExitCode, result.Problem().GetProperty("code").GetString()));
        Assert.False(File.Exists(Path.Combine(cli.Home, "config.json")));
    }

    [Fact]
    public async Task A_context_is_not_written_over_unless_that_is_asked_for()
    {
        using var cli = new CliProgram();
        cli.Write("there.json", Deployments.Text(77));
        string[] add = ["context", "add", "prod", "--endpoint", "http://127.0.0.1:9", "--rpc", "http://127.0.0.1:9", "--deployment", "there.json"];

        await cli.RunAsync(add);
        var again = await cli.RunAsync([.. add, "--json"]);
        var replaced = await cli.RunAsync([.. add, "--replace"]);

        Assert.Equal("name-taken", again.Problem().GetProperty("code").GetString());
        Assert.Equal(0, replaced.ExitCode);
    }
}
