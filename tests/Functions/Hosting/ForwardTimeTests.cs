using Dweb.Functions.Hosting;
using Dweb.Testing;

namespace Dweb.Functions.Tests.Hosting;

public sealed class ForwardTimeTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private readonly SettableClock machine = new(Start);

    [Fact]
    public void It_goes_on_from_where_it_was_when_the_machines_clock_is_set_back()
    {
        var time = new ForwardTime(machine);
        machine.Pass(Second);
        Assert.Equal(Start + Second, time.GetUtcNow());

        machine.Step(-Hour);
        Assert.Equal(Start + Second, time.GetUtcNow());
        machine.Pass(Second);
        Assert.Equal(Start + (2 * Second), time.GetUtcNow());
    }

    [Fact]
    public void A_step_ahead_is_taken_over()
    {
        var time = new ForwardTime(machine);
        machine.Step(Hour);
        Assert.Equal(Start + Hour, time.GetUtcNow());
    }

    [Fact]
    public void After_a_step_back_and_one_ahead_it_shows_the_machines_time_again()
    {
        var time = new ForwardTime(machine);
        machine.Step(-Hour);
        Assert.Equal(Start, time.GetUtcNow());
        machine.Step(Hour + Second);
        Assert.Equal(Start + Second, time.GetUtcNow());
    }
}
