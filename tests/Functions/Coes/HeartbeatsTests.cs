using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Functions.Coes;
using Dweb.Functions.Settings;
using Microsoft.Extensions.Time.Testing;

namespace Dweb.Functions.Tests.Coes;

public sealed class HeartbeatsTests
{
    private static readonly Hash32 Coe = Keccak256.Hash("coe");
    private readonly FakeTimeProvider time = new();
    private readonly Heartbeats heartbeats;

    public HeartbeatsTests()
    {
        heartbeats = new Heartbeats(Settings, time);
        heartbeats.Begin();
    }

    private static ControlPlaneSettings Settings => new()
    {
        StorageConnection = "", RpcUrl = null!, DeploymentFile = "", ListenUrl = null!, Keystores = null!, Registry = null!, DataFolder = "",
        Heartbeat = TimeSpan.FromSeconds(10), Rollouts = new RolloutSettings(0, 0), Fees = null!, Settlement = null!,
        MinSettleWei = null, CustomHandlerPort = null,
    };

    [Fact]
    public void A_coe_is_live_for_two_and_a_half_heartbeats()
    {
        heartbeats.Beat(Coe, "a", 1, 1);
        Run(TimeSpan.FromSeconds(25));
        Assert.True(heartbeats.IsLive(Coe));
        Run(TimeSpan.FromMilliseconds(1));
        Assert.False(heartbeats.IsLive(Coe));
        Assert.True(heartbeats.IsLost(Coe));
    }

    [Fact]
    public void An_agent_that_starts_anew_is_heard_though_its_report_comes_before_its_heartbeat()
    {
        heartbeats.Beat(Coe, "a", 1, 500);
        Run(TimeSpan.FromSeconds(20));
        heartbeats.Check(Coe, "a", 2);
        Assert.True(heartbeats.Beat(Coe, "a", 2, 1));
        Run(TimeSpan.FromSeconds(20));
        Assert.True(heartbeats.IsLive(Coe));
        Assert.False(heartbeats.Beat(Coe, "a", 2, 1));
    }

    [Fact]
    public void A_process_that_took_long_to_start_holds_it_against_nobody()
    {
        var starting = new Heartbeats(Settings, time);
        time.Advance(TimeSpan.FromMinutes(5));
        Assert.False(starting.IsLost(Coe));
        starting.Look();
        Assert.False(starting.HasHeardAll);
        starting.Begin();
        Assert.False(starting.IsLost(Coe));
        RunningTime.Pass(time, starting, TimeSpan.FromSeconds(26));
        Assert.True(starting.IsLost(Coe));
    }

    [Fact]
    public void A_process_that_stood_still_holds_it_against_nobody()
    {
        heartbeats.Beat(Coe, "a", 1, 1);
        time.Advance(TimeSpan.FromSeconds(26));
        Assert.True(heartbeats.Look());
        Assert.False(heartbeats.IsLost(Coe));
        Run(TimeSpan.FromSeconds(25));
        Assert.False(heartbeats.IsLost(Coe));
        Run(TimeSpan.FromSeconds(1));
        Assert.True(heartbeats.IsLost(Coe));
    }

    [Fact]
    public void Nothing_is_refused_for_silence_before_it_is_noticed_that_the_process_stood_still()
    {
        Run(TimeSpan.FromSeconds(26));
        Assert.True(heartbeats.HasHeardAll && heartbeats.IsLost(Coe));
        time.Advance(TimeSpan.FromSeconds(11));
        Assert.False(heartbeats.HasHeardAll || heartbeats.IsLost(Coe));
        Assert.True(heartbeats.Look());
        Run(TimeSpan.FromSeconds(25));
        Assert.False(heartbeats.HasHeardAll);
        Run(TimeSpan.FromSeconds(1));
        Assert.True(heartbeats.HasHeardAll);
    }

    [Fact]
    public void A_process_that_runs_all_the_time_loses_who_is_silent()
    {
        heartbeats.Beat(Coe, "a", 1, 1);
        Run(TimeSpan.FromSeconds(26));
        Assert.True(heartbeats.IsLost(Coe));
    }

    [Fact]
    public void The_next_loss_is_that_of_the_coe_that_was_heard_longest_ago_and_is_live()
    {
        Assert.Null(heartbeats.UntilNextLoss);
        heartbeats.Check(Keccak256.Hash("only asks"), "x", 1);
        Assert.Null(heartbeats.UntilNextLoss);
        heartbeats.Beat(Coe, "a", 1, 1);
        Run(TimeSpan.FromSeconds(20));
        heartbeats.Beat(Keccak256.Hash("other"), "b", 1, 1);
        Assert.Equal(TimeSpan.FromSeconds(5), heartbeats.UntilNextLoss);
        Run(TimeSpan.FromSeconds(6));
        Assert.Equal(TimeSpan.FromSeconds(19), heartbeats.UntilNextLoss);
    }

    [Fact]
    public void After_a_start_nobody_is_lost_before_there_was_time_to_be_heard()
    {
        Assert.False(heartbeats.IsLive(Coe));
        Assert.False(heartbeats.IsLost(Coe));
        Run(TimeSpan.FromSeconds(26));
        Assert.True(heartbeats.IsLost(Coe));
    }

    [Fact]
    public void A_second_agent_waits_for_the_first_to_be_silent_and_then_replaces_it()
    {
        heartbeats.Beat(Coe, "first", 5, 9);
        Assert.Equal(Catalogue.AgentDuplicate, Assert.Throws<DwebException>(() => heartbeats.Beat(Coe, "second", 1, 1)).Error);
        time.Advance(TimeSpan.FromSeconds(26));
        Assert.True(heartbeats.Beat(Coe, "second", 1, 1));
        Assert.Equal(Catalogue.AgentSuperseded, Assert.Throws<DwebException>(() => heartbeats.Beat(Coe, "first", 5, 10)).Error);
        Assert.Equal(Catalogue.AgentSuperseded, Assert.Throws<DwebException>(() => heartbeats.Check(Coe, "first", 5)).Error);
    }

    [Fact]
    public void An_older_pair_of_incarnation_and_sequence_says_nothing_new()
    {
        Assert.True(heartbeats.Beat(Coe, "a", 1, 1));
        Assert.True(heartbeats.Beat(Coe, "a", 1, 2));
        Assert.False(heartbeats.Beat(Coe, "a", 1, 2));
        Assert.False(heartbeats.Beat(Coe, "a", 1, 1));
        Assert.True(heartbeats.Beat(Coe, "a", 2, 1));
    }

    [Fact]
    public void What_was_said_before_is_no_sign_of_life()
    {
        heartbeats.Beat(Coe, "a", 1, 2);
        Run(TimeSpan.FromSeconds(20));
        heartbeats.Beat(Coe, "a", 1, 2);
        Run(TimeSpan.FromSeconds(6));
        Assert.True(heartbeats.IsLost(Coe));
    }

    [Fact]
    public void An_earlier_start_of_the_same_agent_is_told_to_go()
    {
        heartbeats.Beat(Coe, "a", 2, 1);
        Assert.Equal(Catalogue.AgentSuperseded, Assert.Throws<DwebException>(() => heartbeats.Beat(Coe, "a", 1, 99)).Error);
    }

    private void Run(TimeSpan span) => RunningTime.Pass(time, heartbeats, span);
}
