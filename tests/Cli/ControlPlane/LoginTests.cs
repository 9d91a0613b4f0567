using Dweb.Cli.Tests.Running;

namespace Dweb.Cli.Tests.ControlPlane;

public sealed class LoginTests
{
    [Fact]
    public async Task A_login_is_kept_for_its_owner_only_and_used_again()
    {
        using var plane = new FakeControlPlane(static _ => new FakeAnswer(200, "[]"));
        using var cli = await AliceAsync(plane);

        await cli.RunAsync("ps", "--wallet", "alice");
        var second = await cli.RunAsync(withPassword: false, "ps", "--wallet", "alice", "--json");

        Assert.Equal("[]", second.Output.Trim());
        Assert.Equal(1, plane.Logins);
        string kept = Assert.Single(Directory.EnumerateFiles(Path.Combine(cli.Home, "sessions")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(kept));
        Assert.Equal("Bearer token-1", plane.Requests[^1].Authorization);
    }

    [Fact]
    public async Task A_login_that_is_nearly_over_is_made_again()
    {
        using var plane = new FakeControlPlane(static _ => new FakeAnswer(200, "[]")) { LoginLife = TimeSpan.FromSeconds(5) };
        using var cli = await AliceAsync(plane);

        await cli.RunAsync("ps", "--wallet", "alice");
        await cli.RunAsync("ps", "--wallet", "alice");

        Assert.Equal(2, plane.Logins);
    }

    [Fact]
    public async Task A_login_that_the_control_plane_forgot_is_made_again_once()
    {
        FakeControlPlane? plane = null;
        using var made = plane = new FakeControlPlane(request => request.Authorization == "Bearer token-1"
            ? new FakeAnswer(401, """{"type":"urn:dweb:error:unauthorised","title":"t","status":401,"detail":"d","code":"unauthorised"}""", "application/problem+json")
            : new FakeAnswer(200, "[]"));
        using var cli = await AliceAsync(plane);

        var result = await cli.RunAsync("order", "ls", "--wallet", "alice", "--json");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(2, plane.Logins);
    }

    [Theory]
    [InlineData("bank.example")]
    [InlineData("127.0.0.1:1")]
    public async Task A_login_to_somebody_else_is_not_signed(string domain)
    {
        using var plane = new FakeControlPlane(static _ => new FakeAnswer(200, "[]")) { LoginDomain = domain };
        using var cli = await AliceAsync(plane);

        var result = await cli.RunAsync("ps", "--wallet", "alice", "--json");

        Assert.Equal(1, result.ExitCode);
        Assert.Equal("unauthorised", result.Problem().GetProperty("code").GetString());
        Assert.DoesNotContain(plane.Requests, static request => request.Path == "/api/login");
    }

    internal static async Task<CliProgram> AliceAsync(FakeControlPlane plane)
    {
        var cli = new CliProgram();
        cli.Configure(plane.Address);
        await cli.RunAsync("wallet", "new", "alice", "--light");
        return cli;
    }
}
