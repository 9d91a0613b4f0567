using Dweb.Cli.Tests.Running;

namespace Dweb.Cli.Tests.ControlPlane;

public sealed class TraceTests
{
    [Theory]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", true)]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c", false)]
    [InlineData("nonsense\r\nauthorization: x", false)]
    public async Task A_trace_that_the_environment_names_goes_to_the_control_plane_where_it_is_one(string traceParent, bool isOne)
    {
        using var plane = new FakeServer(static _ => new FakeAnswer(500, "{}"));
        using var cli = new CliProgram { Environment = { ["TRACEPARENT"] = traceParent } };

        await cli.RunAsync("coe", "ls", "--endpoint", plane.Address);

        Assert.Equal(isOne ? traceParent : null, Assert.Single(plane.Requests).TraceParent);
    }
}
