using Dweb.Agent.Leases;

namespace Dweb.Agent.Tests.Leases;

public sealed class ChainClockTests
{
    private readonly ChainClock clock = new();
    private readonly WakeSignal wake = new(TimeProvider.System);

    [Fact]
    public async Task Who_waits_for_a_time_is_woken_once_when_it_is_reached_and_not_before()
    {
        clock.Note(100);
        clock.WakeAt(110, wake);
        clock.Note(109);
        Assert.False(await IsSetAsync());
        clock.Note(111);
        Assert.True(await IsSetAsync());
        clock.Note(112);
        Assert.False(await IsSetAsync());
    }

    [Fact]
    public async Task A_later_time_takes_the_place_of_an_earlier_one()
    {
        clock.WakeAt(110, wake);
        clock.WakeAt(200, wake);
        clock.Note(150);
        Assert.False(await IsSetAsync());
        clock.Note(200);
        Assert.True(await IsSetAsync());
    }

    [Fact]
    public async Task Who_has_gone_is_not_woken_and_a_time_that_is_over_wakes_nobody()
    {
        clock.WakeAt(110, wake);
        clock.Forget(wake);
        clock.Note(110);
        clock.WakeAt(110, wake);
        clock.Note(111);
        Assert.False(await IsSetAsync());
    }

    [Fact]
    public void Time_never_runs_backwards()
    {
        clock.Note(100);
        clock.Note(99);
        Assert.Equal(100UL, clock.Now);
    }

    // A signal that was set is taken before the time is over, whichever comes first.
    private Task<bool> IsSetAsync() => wake.WaitAsync(TimeSpan.Zero, TestContext.Current.CancellationToken);
}
