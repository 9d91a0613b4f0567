using Dweb.Agent.Runtimes;
using Dweb.Agent.Runtimes.Docker;

namespace Dweb.Agent.Tests.Runtimes;

public sealed class LogTailTests
{
    private const string Output = "2026-01-01T00:00:01.000000000Z tick\n2026-01-01T00:00:03.000000000Z tick\n";
    private const string Errors = "2026-01-01T00:00:02.000000000Z oops\n";

    [Fact]
    public void What_follows_a_mark_is_told_once_even_where_lines_are_alike()
    {
        var first = DockerLog.Cut(Output, Errors, 10);
        var second = DockerLog.Cut(Output + "2026-01-01T00:00:04.000000000Z tick\n", Errors, 10).After(first.Mark);

        Assert.Equal(["tick", "oops", "tick"], first.Lines);
        Assert.Equal("2026-01-01T00:00:03.000000000Z", first.Mark);
        Assert.Equal("tick", Assert.Single(second.Lines));
        Assert.Equal("2026-01-01T00:00:04.000000000Z", second.Mark);
        Assert.Empty(DockerLog.Cut(Output, Errors, 10).After(first.Mark).Lines);
    }

    [Fact]
    public void Lines_between_mark_and_page_are_said_to_be_missing()
    {
        Assert.True(DockerLog.Cut(Output, Errors, 1).After("2026-01-01T00:00:00.000000000Z").Truncated);
        Assert.False(DockerLog.Cut(Output, Errors, 2).After("2026-01-01T00:00:02.000000000Z").Truncated);
    }

    [Fact]
    public void A_runtime_without_times_gives_no_mark_and_all_lines() =>
        Assert.Equal((null, 2), (new LogTail(["a", "b"], false).Mark, new LogTail(["a", "b"], false).After("x").Lines.Count));
}
