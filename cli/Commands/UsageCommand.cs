using System.CommandLine;
using System.Numerics;
using Dweb.Cli.Deploying;
using Dweb.Cli.Invocation;
using Dweb.Cli.Terminal;
using Dweb.Core.Metering;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;

namespace Dweb.Cli.Commands;

/// <param name="Host">Wei, as the others.</param>
internal sealed record CostView(BigInteger Host, BigInteger Royalty, BigInteger Fee, BigInteger Total)
{
    public static CostView Of(Charge charge) => new(charge.Host, charge.Royalty, charge.Fee, charge.Total);
}

/// <param name="AsOf">Unix seconds of the chain; 0 when nothing was reported yet.</param>
/// <param name="Paid">Settled on the chain.</param>
/// <param name="Owed">What a settlement of the newest report would add.</param>
internal sealed record UsageShown(
    Hash32 LeaseId, string Replica, string Coe, ulong AsOf, UsageCounters Reported, UsageCounters Settled, CostView Paid, CostView Owed);

/// <summary><c>usage</c>: cumulative counters of leases, and what they cost so far.</summary>
internal static class UsageCommand
{
    public static Command Create(Verbs verbs)
    {
        var what = OrderCommands.LeaseArgument();
        return verbs.Verb("usage", "Shows what leases have used and cost so far, as reported and as settled.", "dweb usage shop --wallet alice", [what], async (run, cancellationToken) =>
        {
            var own = OrderCommands.Own(run);
            var leases = await OrderCommands.LeasesAsync(own, run.Get(what), cancellationToken);
            var usage = await ReportedUsage.OfAsync(own, leases, cancellationToken);
            await run.Chain.RequireAsync(cancellationToken);
            var shown = new List<UsageShown>();
            foreach (var (lease, view) in leases.Zip(usage))
            {
                var account = await ReportedUsage.AccountAsync(run.Chain, lease.LeaseId, cancellationToken);
                shown.Add(new UsageShown(
                    lease.LeaseId, OwnOrders.NameOf(lease), lease.CoeName, view.AsOf, view.Reported, account.Settled, CostView.Of(account.Charged),
                    CostView.Of(ReportedUsage.Unsettled(account, view))));
            }

            run.Printer.Show(shown, CliJson.Default.IReadOnlyListUsageShown, Print);
        });
    }

    private static void Print(IReadOnlyList<UsageShown> shown)
    {
        Printer.Table(
            ["REPLICA", "COE", "LEASE", ">SECONDS", ">SETTLED", ">CPU mCPU·s", ">MEMORY MiB·s", ">STORAGE MiB·s", ">IN MiB", ">OUT MiB"],
            shown.Select(static u => (string[])
                [
                    u.Replica, u.Coe, u.LeaseId.ToString()[..14], $"{u.Reported.Seconds}", $"{u.Settled.Seconds}", $"{u.Reported.Cpu}", $"{u.Reported.Memory}",
                    $"{u.Reported.Storage}", $"{u.Reported.Received}", $"{u.Reported.Sent}",
                ]));
        Printer.Table(
            ["COST SO FAR", ">HOST DWEB", ">CODE DWEB", ">PROTOCOL DWEB", ">SETTLED DWEB", ">NOT YET SETTLED DWEB"],
            [.. shown.Select(static u => Row(u.Replica, [u])), .. shown.Count > 1 ? [Row("all", shown)] : (string[][])[]]);
    }

    private static string[] Row(string name, IReadOnlyList<UsageShown> of)
    {
        string Sum(Func<UsageShown, BigInteger> part) => Amount.FormatGrouped(of.Aggregate(BigInteger.Zero, (sum, u) => sum + part(u)));
        return
        [
            name, Sum(static u => u.Paid.Host + u.Owed.Host), Sum(static u => u.Paid.Royalty + u.Owed.Royalty), Sum(static u => u.Paid.Fee + u.Owed.Fee),
            Sum(static u => u.Paid.Total), Sum(static u => u.Owed.Total),
        ];
    }
}
