using System.Globalization;
using System.Text;
using Dweb.Agent.Runtimes;
using Dweb.Agent.Runtimes.Podman;
using Dweb.Agent.Tests.Support;

namespace Dweb.Agent.Tests.Runtimes;

public sealed class PodmanLogTests : IDisposable
{
    private readonly CancellationToken cancel = TestContext.Current.CancellationToken;
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Parts_of_a_line_are_put_together_stream_by_stream()
    {
        const string Text = """
            2026-11-01T12:00:00.000000001+00:00 stdout P one
            2026-11-01T12:00:00.000000002+00:00 stderr F other
            2026-11-01T12:00:00.000000003+00:00 stdout P  and
            2026-11-01T12:00:00.000000004+00:00 stdout F  two

            """;
        Assert.Equal(
            [new LogLine("2026-11-01T12:00:00.000000002Z", "other"), new LogLine("2026-11-01T12:00:00.000000004Z", "one and two")],
            PodmanLog.Parse(Text));
    }

    [Fact]
    public void An_empty_line_is_a_line_and_what_is_none_is_left_out() => Assert.Equal(
        [new LogLine("2026-11-01T12:00:00.000000001Z", ""), new LogLine("2026-11-01T12:00:00.000000002Z", "a  b ")],
        PodmanLog.Parse("nonsense\n2026-11-01T12:00:00.000000001+00:00 stdout F \nnot-a-time-of-any-kind-at-all stdout F x\n2026-11-01T12:00:00.000000002+00:00 stdout F a  b \n"));

    [Fact]
    public void A_last_part_without_an_end_is_told() =>
        Assert.Equal("half", Assert.Single(PodmanLog.Parse("2026-11-01T12:00:00.000000001+00:00 stdout P half\n")).Text);

    [Fact]
    public void The_order_of_stamps_is_that_of_time_over_a_change_of_the_zone()
    {
        var lines = PodmanLog.Parse("2026-10-25T02:59:59.900000000+02:00 stdout F before\n2026-10-25T02:00:00.100000000+01:00 stdout F after\n");
        Assert.Equal(["2026-10-25T00:59:59.900000000Z", "2026-10-25T01:00:00.100000000Z"], lines.Select(static line => line.Stamp));
    }

    [Fact]
    public async Task Of_a_large_file_the_end_is_read_and_all_of_it_where_the_end_has_too_few_lines()
    {
        string path = folder.File("ctr.log");
        var text = new StringBuilder();
        for (int i = 0; i < 30; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"2026-11-01T12:00:{i:00}.000000000+00:00 stdout F {i} ").Append('x', 50_000).Append('\n');
        }

        await File.WriteAllTextAsync(path, text.ToString(), cancel);
        Assert.Equal(["27", "28", "29"], await NumbersAsync(path, 2));
        Assert.Equal(30, (await NumbersAsync(path, 29)).Count);
        Assert.Equal(30, (await NumbersAsync(path, 1_000)).Count);
        Assert.Empty(await PodmanLog.ReadAsync(folder.File("none"), 10, cancel));
    }

    private async Task<IReadOnlyList<string>> NumbersAsync(string path, int lines) =>
        [.. (await PodmanLog.ReadAsync(path, lines, cancel)).Select(static line => line.Text.Split(' ')[0])];
}
