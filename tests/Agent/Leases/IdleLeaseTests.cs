using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Agent.Tests.Leases;

/// <summary>A lease to which nothing happens costs neither engine nor chain nor disk anything, and what happens is noticed at once.</summary>
public sealed class IdleLeaseTests : IDisposable
{
    private const ulong CpuSecond = 1_000_000;
    private const ulong Mebibyte = 1024 * 1024;

    private readonly Berth berth = new();
    private readonly CancellationToken cancel = TestContext.Current.CancellationToken;

    public void Dispose() => berth.Dispose();

    [Fact]
    public async Task Nothing_is_asked_and_nothing_is_written_for_a_report()
    {
        await berth.BeginAsync(cancel);
        using var watch = await berth.AdoptAsync(cancel);
        await UntilAskedAsync();
        (int inspections, int tickets) = (berth.Engine.Inspections, berth.Chain.Tickets);
        var written = Assert.Single(await berth.Store.LoadAsync(cancel));
        for (ulong second = 1; second <= 20; second++)
        {
            berth.Use(second * CpuSecond, Mebibyte, second * Mebibyte);
            var entry = Assert.Single(watch.Book.Read());
            Assert.Equal((second * 1_000, (uint)second), (entry.Cpu, entry.Received));
        }

        Assert.Equal((inspections, tickets), (berth.Engine.Inspections, berth.Chain.Tickets));
        Assert.Equal(written, Assert.Single(await berth.Store.LoadAsync(cancel)));
    }

    [Fact]
    public async Task What_the_engine_names_is_looked_at()
    {
        await berth.BeginAsync(cancel);
        using var watch = await berth.AdoptAsync(cancel);
        await berth.EndAsync(cancel);
        watch.Table.Doubt(berth.Container);
        await watch.UntilAsync(LeasePhase.Exited, cancel);
    }

    [Fact]
    public async Task What_may_have_happened_unseen_is_looked_at()
    {
        await berth.BeginAsync(cancel);
        using var watch = await berth.AdoptAsync(cancel);
        await berth.EndAsync(cancel);
        watch.Table.DoubtAll();
        await watch.UntilAsync(LeasePhase.Exited, cancel);
    }

    [Fact]
    public async Task A_process_that_is_found_gone_as_its_counters_are_read_is_looked_at()
    {
        await berth.BeginAsync(cancel);
        using var watch = await berth.AdoptAsync(cancel);
        await berth.EndAsync(cancel);
        watch.Book.Read();
        await watch.UntilAsync(LeasePhase.Exited, cancel);
    }

    [Fact]
    public async Task Funds_that_are_over_by_the_chains_time_end_it()
    {
        await berth.BeginAsync(cancel);
        using var watch = await berth.AdoptAsync(cancel);
        await UntilAskedAsync();
        berth.Chain.Now = berth.Chain.Ticket.FundedUntil;
        watch.Clock.Note(berth.Chain.Now);
        Assert.Equal(Catalogue.LeaseNotOpen.Code, (await watch.UntilAsync(LeasePhase.Stopped, cancel)).Code);
    }

    [Fact]
    public async Task After_a_kill_nothing_is_signed_lower_than_it_was_and_nothing_twice()
    {
        await berth.BeginAsync(cancel);
        UsageEntry signed;
        using (var killed = await berth.AdoptAsync(cancel))
        {
            berth.Use(5 * CpuSecond, Mebibyte, 6 * Mebibyte);
            signed = Assert.Single(killed.Book.Read());
            await killed.Journal.AppendAsync(1, [signed], cancel);
        }

        // Written only when the run began.
        Assert.Equal(0UL, Assert.Single(await berth.Store.LoadAsync(cancel)).Meter.Cpu.Current);
        using var watch = await berth.AdoptAsync(cancel);
        var again = Assert.Single(watch.Book.Read());
        Assert.Equal((signed.Cpu, signed.Received), (again.Cpu, again.Received));
        berth.Use(7 * CpuSecond, 0, 6 * Mebibyte);
        again = Assert.Single(watch.Book.Read());
        Assert.Equal((7_000UL, 6U), (again.Cpu, again.Received));
        Assert.True(again.Memory >= signed.Memory && again.Seconds >= signed.Seconds);
    }

    [Fact]
    public async Task An_agent_that_is_stopped_writes_down_what_it_has_counted()
    {
        await berth.BeginAsync(cancel);
        using var watch = await berth.AdoptAsync(cancel);
        berth.Use(5 * CpuSecond, 0, 0);
        await watch.Table.StopAsync();
        Assert.Equal(5_000_000_000UL, Assert.Single(await berth.Store.LoadAsync(cancel)).Meter.Cpu.Current);
    }

    // The phase is told before the chain is asked for the first time.
    private async Task UntilAskedAsync()
    {
        while (berth.Chain.Tickets == 0)
        {
            await Task.Delay(20, cancel);
        }
    }
}
