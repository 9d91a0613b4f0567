using System.Numerics;
using Dweb.Cli.Errors;
using Dweb.Cli.Invocation;
using Dweb.Cli.Onchain;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Cli.Hosting;

/// <summary>The part of leaving that is about leases: none is opened any more, those that live end or are given back, those that have ended are closed.</summary>
internal sealed class LeaveLeases(Run run, LeaveOptions options, RegisteredCoe coe)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private static readonly BigInteger WeiPerGwei = 1_000_000_000;

    public async Task<HostStep> DrainAsync(CancellationToken cancellationToken)
    {
        var status = (CoeStatus)(await run.Chain.Coes.CoeOfAsync(coe.Id, cancellationToken: cancellationToken)).Status;
        if (status != CoeStatus.Active)
        {
            return HostStep.Found("drain", $"COE '{coe.Name}' is {status}: it gets no lease");
        }

        await run.Transactions.SendAsync(run.Chain.Coes.SetDraining(coe.Id, true), $"the draining of COE '{coe.Name}', which is to leave", cancellationToken);
        return HostStep.Done("drain", $"COE '{coe.Name}' gets no lease any more");
    }

    /// <returns>Left while one is not closed, which only happens where nobody waits.</returns>
    public async Task<HostStep> EndAsync(CancellationToken cancellationToken)
    {
        uint late = (await run.Chain.Book.ParamsAsync(cancellationToken: cancellationToken)).LateReports;
        bool acted = false;
        string told = "";
        while (true)
        {
            var leases = await HostLeases.ReadAsync(run.Chain, coe.Id, cancellationToken);
            if (leases.Count == 0)
            {
                return acted ? HostStep.Done("leases", "all are closed") : HostStep.Found("leases", "none");
            }

            ulong now = (await run.Chain.Client.GetHeadAsync(cancellationToken)).Timestamp;
            HostLease[] live = [.. leases.Where(static lease => lease.Account.IsLive)];
            HostLease[] due = [.. leases.Where(lease => lease.Account.State == LeaseState.Ending && lease.Account.EndedAt + (2UL * late) <= now)];
            if (live.Length > 0 && run.Get(options.Now))
            {
                await GiveBackAsync(live, now, cancellationToken);
                acted = true;
                continue;
            }

            if (due.Length > 0)
            {
                await run.Transactions.SendAsync(run.Chain.Book.Finalise([.. due.Select(static lease => lease.Key)]), $"the closing of {due.Length} leases that are over", cancellationToken);
                acted = true;
                continue;
            }

            string waits = Words(leases, live, late);
            if (run.Get(options.NoWait))
            {
                return HostStep.Left("leases", waits);
            }

            if (told != waits)
            {
                told = waits;
                run.Printer.Progress($"leases: waiting, {waits}");
            }

            await Task.Delay(Pause, run.Time, cancellationToken);
        }
    }

    private async Task GiveBackAsync(HostLease[] live, ulong now, CancellationToken cancellationToken)
    {
        var lost = live.Aggregate(
            BigInteger.Zero, (sum, lease) => sum + (lease.Account.Terms.HostRate * WeiPerGwei * (lease.FundedUntil > now ? lease.FundedUntil - now : 0)));
        string what = $"the return of {live.Length} live leases: what ran until now is paid, {SentenceValues.Tokens(lost)} that users have funded beyond it is not earned, no bond is lost";
        foreach (var order in live.GroupBy(static lease => lease.Key.OrderHash))
        {
            var admitted = await new AdmittedOrders(run.Chain).OfAsync(order.Key, cancellationToken);
            await run.Transactions.SendAsync(run.Chain.Book.Drain(admitted.Order, [.. order.Select(static lease => lease.Key)]), what, cancellationToken);
        }
    }

    private static string Words(IReadOnlyList<HostLease> all, HostLease[] live, uint late) => live.Length > 0
        ? $"{live.Length} live, funded until {SentenceValues.Time(live.Max(static lease => lease.FundedUntil))} and longer where users fund them further; --now gives them back"
        : $"{all.Count} at their end, whose last reports are taken for {late} s; they are closed by {SentenceValues.Time(all.Max(lease => lease.Account.EndedAt + (2UL * late)))}";
}
