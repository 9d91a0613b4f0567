using Dweb.Cli.Tests.Running;

namespace Dweb.Cli.Tests.ControlPlane;

public sealed class RefusalTests
{
    private const string Refusal =
        """{"type":"urn:dweb:error:no-capacity","title":"No COE can take a replica of the order.","status":409,"detail":"2 of 3 COEs are full.","code":"no-capacity","field":"services.web","hint":"Ask for less."}""";

    [Fact]
    public async Task A_refusal_is_told_in_the_words_of_the_control_plane()
    {
        using var plane = new FakeServer(static _ => new FakeAnswer(409, Refusal, "application/problem+json"));
        using var cli = new CliProgram();

        var result = await cli.RunAsync("coe", "ls", "--endpoint", plane.Address);

        Assert.Equal(1, result.ExitCode);
        Assert.Equal("error: services.web: 2 of 3 COEs are full.\nhint: Ask for less.\n", result.Errors);
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task A_refusal_for_json_is_the_problem_document()
    {
        using var plane = new FakeServer(static _ => new FakeAnswer(409, Refusal, "application/problem+json"));
        using var cli = new CliProgram();

        var result = await cli.RunAsync("image", "ls", "--endpoint", plane.Address, "--json");

        Assert.Equal("no-capacity", result.Problem().GetProperty("code").GetString());
        Assert.Equal("services.web", result.Problem().GetProperty("field").GetString());
        Assert.Empty(result.Output);
    }

    [Theory]
    [InlineData(500, "<html>", "text/html")]
    [InlineData(200, "<html>", "text/html")]
    [InlineData(200, "{\"unknown\":1}", "application/json")]
    [InlineData(400, "null", "application/problem+json")]
    public async Task What_is_no_control_plane_is_called_so(int status, string body, string type)
    {
        using var stranger = new FakeServer(_ => new FakeAnswer(status, body, type));
        using var cli = new CliProgram();

        var result = await cli.RunAsync("code", "ls", "--endpoint", stranger.Address, "--json");

        Assert.Equal(1, result.ExitCode);
        Assert.Equal("control-plane-unreachable", result.Problem().GetProperty("code").GetString());
        Assert.Contains(stranger.Address + "/api/code", result.Problem().GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_control_plane_that_does_not_answer_is_named()
    {
        using var cli = new CliProgram();
        string nobody = $"http://127.0.0.1:{FreePorts.One()}";

        var result = await cli.RunAsync("coe", "ls", "--endpoint", nobody);

        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith($"error: The control plane at {nobody}/ does not answer", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chain_that_does_not_answer_is_named()
    {
        using var cli = new CliProgram();
        string nobody = $"http://127.0.0.1:{FreePorts.One()}";
        cli.Configure(rpc: nobody, deployment: cli.Write("deployment.json", Deployments.Text(31337)));

        var result = await cli.RunAsync("ledger", "--json");

        Assert.Equal(1, result.ExitCode);
        Assert.Equal("chain-unreachable", result.Problem().GetProperty("code").GetString());
        Assert.Contains(nobody, result.Problem().GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_of_another_chain_is_not_believed()
    {
        using var node = new FakeServer(static _ => new FakeAnswer(200, """{"jsonrpc":"2.0","id":1,"result":"0x1"}"""));
        using var cli = new CliProgram();
        cli.Configure(rpc: node.Address, deployment: cli.Write("deployment.json", Deployments.Text(31337)));
        await cli.RunAsync("wallet", "new", "alice", "--light");

        var result = await cli.RunAsync("withdraw", "--wallet", "alice", "--yes", "--json");

        Assert.Equal(1, result.ExitCode);
        Assert.Equal("wrong-chain", result.Problem().GetProperty("code").GetString());
        Assert.Single(node.Requests);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("not json")]
    [InlineData("""{"chainId":1,"block":0,"treasury":"0x0","contracts":{}}""")]
    public async Task A_deployment_file_that_is_none_is_named(string text)
    {
        using var cli = new CliProgram();
        string file = cli.Write("deployment.json", text);
        cli.Configure(rpc: "http://127.0.0.1:1", deployment: file);

        var result = await cli.RunAsync("ledger", "--json");

        Assert.Equal("invalid-setting", result.Problem().GetProperty("code").GetString());
        Assert.Contains(file, result.Problem().GetProperty("detail").GetString(), StringComparison.Ordinal);
    }
}
