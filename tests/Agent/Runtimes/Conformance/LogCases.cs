using System.Globalization;
using Dweb.Agent.Runtimes;
using Dweb.Agent.Tests.Support;

namespace Dweb.Agent.Tests.Runtimes.Conformance;

/// <summary>What a container writes, by lines.</summary>
public abstract class LogCases(RuntimeUnderTest engine) : RuntimeCases(engine)
{
    [Case]
    public async Task Lines_of_both_streams_come_and_those_of_each_in_their_order()
    {
        var written = await Engine.RunAsync(Engine.Shell("for i in 1 2 3; do echo out$i; echo err$i >&2; done"), Cancel);
        Assert.Equal(["out1", "out2", "out3"], written.Where(static line => line.StartsWith("out", StringComparison.Ordinal)));
        Assert.Equal(["err1", "err2", "err3"], written.Where(static line => line.StartsWith("err", StringComparison.Ordinal)));
    }

    [Case]
    public async Task Lines_of_both_streams_come_in_the_order_of_time()
    {
        string[] expected = ["one", "two", "three", "four"];
        Assert.Equal(expected, await Engine.RunAsync(Engine.Shell("echo one; sleep 0.2; echo two >&2; sleep 0.2; echo three; sleep 0.2; echo four >&2"), Cancel));
    }

    [Case]
    public async Task The_last_lines_are_given_and_that_there_were_more()
    {
        (_, string id) = await Engine.StartAsync(Engine.Shell("for i in 1 2 3 4 5; do echo $i; done"), Cancel);
        await Engine.UntilExitedAsync(id, Cancel);
        var tail = await Runtime.ReadLogAsync(id, 2, Cancel);
        Assert.True(tail.Truncated);
        Assert.Equal(["4", "5"], tail.Lines);
        var all = await Runtime.ReadLogAsync(id, 5, Cancel);
        Assert.False(all.Truncated);
        Assert.Equal(["1", "2", "3", "4", "5"], all.Lines);
    }

    [Case]
    public async Task No_more_than_a_thousand_lines_are_given_at_a_time()
    {
        (_, string id) = await Engine.StartAsync(Engine.Shell("i=0; while [ $i -lt 1100 ]; do i=$((i+1)); echo $i; done"), Cancel);
        await Engine.UntilExitedAsync(id, Cancel);
        var tail = await Runtime.ReadLogAsync(id, int.MaxValue, Cancel);
        Assert.Equal((1_000, "1100", true), (tail.Lines.Count, tail.Lines[^1], tail.Truncated));
    }

    [Case]
    public async Task One_that_wrote_nothing_has_an_empty_log()
    {
        (_, string id) = await Engine.StartAsync(Engine.Plan("true"), Cancel);
        await Engine.UntilExitedAsync(id, Cancel);
        var log = await Runtime.ReadLogAsync(id, 10, Cancel);
        Assert.Empty(log.Lines);
        Assert.Null(log.Mark);
        Assert.False(log.Truncated);
    }

    [Case]
    public async Task One_that_was_never_started_has_an_empty_log() =>
        Assert.Empty((await Runtime.ReadLogAsync(await Runtime.CreateAsync(Engine.Plan("true"), Cancel), 10, Cancel)).Lines);

    [Case]
    public async Task What_follows_a_mark_is_told_once()
    {
        (_, string id) = await Engine.StartAsync(Engine.Shell("i=0; while true; do i=$((i+1)); echo $i; sleep 0.1; done"), Cancel);
        await Engine.UntilWrittenAsync(id, static lines => lines.Count >= 3, Cancel);
        var first = await Runtime.ReadLogAsync(id, 1_000, Cancel);
        await Engine.UntilWrittenAsync(id, lines => lines.Count >= first.Lines.Count + 3, Cancel);
        var second = (await Runtime.ReadLogAsync(id, 1_000, Cancel)).After(first.Mark);
        var numbers = first.Lines.Concat(second.Lines).Select(static line => int.Parse(line, CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(Enumerable.Range(1, numbers.Count), numbers);
        Assert.True(second.Lines.Count >= 3);
    }

    [Case]
    public async Task Stamps_are_in_the_order_of_time_and_one_for_each_line()
    {
        (_, string id) = await Engine.StartAsync(Engine.Shell("for i in 1 2 3; do echo $i; sleep 0.05; echo e >&2; done"), Cancel);
        await Engine.UntilExitedAsync(id, Cancel);
        var log = await Runtime.ReadLogAsync(id, 100, Cancel);
        Assert.Equal(log.Lines.Count, log.Stamps.Count);
        Assert.Equal(log.Stamps.Order(StringComparer.Ordinal), log.Stamps);
        Assert.InRange(DateTimeOffset.Parse(log.Mark!, CultureInfo.InvariantCulture), TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(1), TimeProvider.System.GetUtcNow());
    }

    [Case]
    public async Task A_line_of_ten_thousand_letters_is_one_line()
    {
        var written = await Engine.RunAsync(Engine.Shell("head -c 10000 /dev/zero | tr '\\0' x; echo; echo after"), Cancel);
        Assert.Equal([new string('x', 10_000), "after"], written);
    }

    [Case]
    public async Task A_last_line_without_an_end_is_told() => Assert.Equal(["first", "last"], await Engine.RunAsync(Engine.Shell("echo first; printf last"), Cancel));

    [Case]
    public async Task Words_of_another_alphabet_arrive_and_bytes_of_none_do_no_harm()
    {
        var written = await Engine.RunAsync(Engine.Shell("echo äöü日本; printf '\\377\\376\\n'; echo after"), Cancel);
        Assert.Equal(3, written.Count);
        Assert.Equal(("äöü日本", "after"), (written[0], written[2]));
    }

    [Case]
    public async Task A_log_goes_on_over_another_start()
    {
        (_, string id) = await Engine.StartAsync(Engine.Shell("echo run"), Cancel);
        await Engine.UntilExitedAsync(id, Cancel);
        await Runtime.StartAsync(id, Cancel);
        Assert.Equal(["run", "run"], await Engine.UntilWrittenAsync(id, static lines => lines.Count > 1, Cancel));
    }

    [Case]
    public async Task One_that_is_not_there_has_no_log()
    {
        var failure = await Assert.ThrowsAsync<RuntimeException>(() => Runtime.ReadLogAsync(Engine.Plan().Name, 10, Cancel));
        Assert.Equal(RuntimeFault.ContainerMissing, failure.Fault);
    }

    [Case]
    public async Task A_log_does_not_grow_beyond_its_bound()
    {
        (_, string id) = await Engine.StartAsync(Engine.Shell("yes 0123456789012345678901234567890123456789 | head -c 40000000"), Cancel);
        await Engine.UntilExitedAsync(id, Cancel);
        Assert.InRange(await Engine.MeasureLogAsync(id, Cancel), 1, ContainerLimits.LogBytes + 1_000_000);
    }
}
