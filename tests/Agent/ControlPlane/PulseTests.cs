using Dweb.Agent.ControlPlane;
using Microsoft.Extensions.Time.Testing;

namespace Dweb.Agent.Tests.ControlPlane;

public sealed class PulseTests
{
    private readonly FakeTimeProvider time = new();
    private int told;

    [Fact]
    public async Task One_is_told_as_often_as_it_asked()
    {
        var pulse = new Pulse(null, time);
        Assert.Equal(1, await TellAsync(pulse));
        pulse.Ask(10_000);
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(1, await TellAsync(pulse));
        Assert.Equal(TimeSpan.FromSeconds(5), pulse.Left);
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(2, await TellAsync(pulse));
    }

    [Fact]
    public async Task Those_that_asked_for_the_same_are_told_at_the_same_moment()
    {
        var (early, late) = (new Pulse(null, time), new Pulse(null, time));
        early.Ask(10_000);
        late.Ask(10_000);
        await TellAsync(early);
        time.Advance(TimeSpan.FromMilliseconds(300));
        await TellAsync(late);
        time.Advance(TimeSpan.FromMilliseconds(9_700));
        Assert.Equal(3, await TellAsync(early));
        Assert.Equal(4, await TellAsync(late));
    }

    [Theory]
    [InlineData(1, 200)]
    [InlineData(86_400_000, 60_000)]
    public async Task What_it_asks_for_is_bounded(int asked, int ms)
    {
        var pulse = new Pulse(null, time);
        pulse.Ask(asked);
        await TellAsync(pulse);
        Assert.Equal(TimeSpan.FromMilliseconds(ms), pulse.Left);
    }

    [Fact]
    public async Task The_hosts_own_setting_comes_before_what_it_asks_for()
    {
        var pulse = new Pulse(TimeSpan.FromSeconds(3), time);
        pulse.Ask(10_000);
        await TellAsync(pulse);
        Assert.Equal(TimeSpan.FromSeconds(3), pulse.Left);
    }

    [Fact]
    public async Task One_that_owes_an_answer_is_not_told_again_and_its_turn_passes()
    {
        var pulse = new Pulse(null, time);
        var answer = new TaskCompletionSource();
        await pulse.BeatAsync(() => answer.Task);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, await TellAsync(pulse));
        Assert.Equal(TimeSpan.FromSeconds(1), pulse.Left);
        answer.SetResult();
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, await TellAsync(pulse));
    }

    private async Task<int> TellAsync(Pulse pulse)
    {
        await pulse.BeatAsync(() =>
        {
            told++;
            return Task.CompletedTask;
        });
        return told;
    }
}
