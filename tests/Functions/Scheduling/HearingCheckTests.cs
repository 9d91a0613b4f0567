using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Coes;
using Dweb.Functions.Indexing;
using Dweb.Functions.Scheduling;
using Dweb.Functions.Settings;
using Dweb.Functions.Tests.Coes;
using Microsoft.Extensions.Time.Testing;

namespace Dweb.Functions.Tests.Scheduling;

/// <summary>Heartbeats every 10 seconds: a COE is lost after 25.</summary>
public sealed class HearingCheckTests
{
    private static readonly Hash32 Coe = Keccak256.Hash("coe");
    private static readonly Plan OnCoe = new(Keccak256.Hash("order"), [new PlanEntry(0, 0, 0, Coe, 1)], 1, 2);
    private static readonly Plan Elsewhere = OnCoe with { Entries = [] };

    private static readonly MemberSettings Settings = new()
    {
        RpcUrl = null!, DeploymentFile = "", ListenUrl = null!, Heartbeat = TimeSpan.FromSeconds(10), Keystore = null!,
    };

    private readonly FakeTimeProvider time = new();
    private readonly Heartbeats heartbeats;
    private readonly HearingCheck hearing;

    public HearingCheckTests()
    {
        heartbeats = new Heartbeats(Settings, time);
        heartbeats.Begin();
        hearing = new HearingCheck(heartbeats, new Market(), Settings, time);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void A_coe_is_silent_enough_for_a_plan_when_its_next_heartbeat_is_overdue_by_half_of_one()
    {
        heartbeats.Beat(Coe, "a", 1, 1);
        Run(TimeSpan.FromSeconds(15));
        var refusal = Assert.Throws<DwebException>(() => hearing.RequireAgreement(Elsewhere.Entries, [Coe]));
        Assert.Equal((Catalogue.CoeHeard, "evidence.silent[0]"), (refusal.Error, refusal.Field));
        Run(TimeSpan.FromMilliseconds(1));
        hearing.RequireAgreement(Elsewhere.Entries, [Coe]);
    }

    [Fact]
    public void A_plan_on_a_coe_that_is_lost_is_refused()
    {
        heartbeats.Beat(Coe, "a", 1, 1);
        Run(TimeSpan.FromSeconds(25));
        hearing.RequireAgreement(OnCoe.Entries, []);
        Run(TimeSpan.FromMilliseconds(1));
        var refusal = Assert.Throws<DwebException>(() => hearing.RequireAgreement(OnCoe.Entries, []));
        Assert.Equal((Catalogue.CoeSilent, "plan.entries[0].coe"), (refusal.Error, refusal.Field));
    }

    [Fact]
    public void A_process_that_has_not_listened_for_long_enough_knows_of_nobodys_silence()
    {
        Run(TimeSpan.FromSeconds(25));
        Assert.Equal(Catalogue.MemberRefused, Assert.Throws<DwebException>(() => hearing.RequireKnowledge([Coe])).Error);
        hearing.RequireKnowledge([]);
        Run(TimeSpan.FromMilliseconds(1));
        hearing.RequireKnowledge([Coe]);
    }

    [Fact]
    public async Task For_a_fault_the_last_heartbeat_of_silence_is_waited_for()
    {
        Run(TimeSpan.FromSeconds(26));
        heartbeats.Beat(Coe, "a", 1, 1);
        Run(TimeSpan.FromSeconds(15));
        var lost = hearing.RequireLostAsync(Coe, "fault.leaseId", Cancel);
        Assert.False(lost.IsCompleted);
        Run(TimeSpan.FromSeconds(11));
        await lost;
    }

    [Fact]
    public async Task A_coe_that_is_heard_again_during_that_wait_is_not_lost()
    {
        Run(TimeSpan.FromSeconds(26));
        heartbeats.Beat(Coe, "a", 1, 1);
        Run(TimeSpan.FromSeconds(20));
        var lost = hearing.RequireLostAsync(Coe, "fault.leaseId", Cancel);
        heartbeats.Beat(Coe, "a", 1, 2);
        Run(TimeSpan.FromSeconds(11));
        Assert.Equal(Catalogue.CoeHeard, (await Assert.ThrowsAsync<DwebException>(() => lost)).Error);
    }

    [Fact]
    public async Task A_coe_that_was_heard_lately_is_not_waited_for()
    {
        Run(TimeSpan.FromSeconds(26));
        heartbeats.Beat(Coe, "a", 1, 1);
        Run(TimeSpan.FromSeconds(14));
        Assert.Equal(Catalogue.CoeHeard, (await Assert.ThrowsAsync<DwebException>(() => hearing.RequireLostAsync(Coe, "fault.leaseId", Cancel))).Error);
    }

    [Fact]
    public async Task A_fresh_process_calls_nobody_lost()
    {
        Run(TimeSpan.FromSeconds(10));
        Assert.Equal(Catalogue.MemberRefused, (await Assert.ThrowsAsync<DwebException>(() => hearing.RequireLostAsync(Coe, "fault.leaseId", Cancel))).Error);
    }

    private void Run(TimeSpan span) => RunningTime.Pass(time, heartbeats, span);
}
