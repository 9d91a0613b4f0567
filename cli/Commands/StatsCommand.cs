using System.CommandLine;
using Dweb.Cli.Deploying;
using Dweb.Cli.Invocation;
using Dweb.Cli.Onchain;
using Dweb.Cli.Terminal;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Cli.Commands;

/// <param name="Rates">Null while there are not two reports.</param>
/// <param name="Reserved">mCPU, MiB, MiB, Mbit/s, GiB.</param>
/// <param name="ReportedAgo">Seconds of the chain since the newest report; null for none.</param>
/// <param name="HeardAgo">Seconds since the COE's agent was heard; null when it was not.</param>
internal sealed record StatsShown(
    Hash32 LeaseId, string Replica, string Coe, LeasePhase Phase, UsageRates? Rates, IReadOnlyList<ulong> Reserved, long? ReportedAgo, long? HeardAgo);

/// <summary><c>stats</c>: what leases use at present, from the two newest reports of each.</summary>
internal static class StatsCommand
{
    public static Command Create(Verbs verbs)
    {
        var what = OrderCommands.LeaseArgument();
        return verbs.Verb("stats", "Shows what leases use at present, and when they were last heard of.", "dweb stats shop --wallet alice", [what], async (run, cancellationToken) =>
        {
            var own = OrderCommands.Own(run);
            LeaseView[] leases = [.. (await OrderCommands.LeasesAsync(own, run.Get(what), cancellationToken)).Where(static l => l.State is LeaseState.Open or LeaseState.Parked)];
            var usage = await ReportedUsage.OfAsync(own, leases, cancellationToken);
            var shown = await DescribeAsync(run, leases, usage, cancellationToken);
            run.Printer.Show(shown, CliJson.Default.IReadOnlyListStatsShown, Print);
        });
    }

    private static async Task<IReadOnlyList<StatsShown>> DescribeAsync(
        Run run, LeaseView[] leases, IReadOnlyList<LeaseUsageView> usage, CancellationToken cancellationToken)
    {
        var shown = new List<StatsShown>();
        if (leases.Length == 0)
        {
            return shown;
        }

        var order = await new AdmittedOrders(run.Chain).OfAsync(leases[0].OrderHash, cancellationToken);
        ulong head = (await run.Chain.Client.GetHeadAsync(cancellationToken)).Timestamp;
        long now = run.Time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var (lease, view) in leases.Zip(usage))
        {
            shown.Add(new StatsShown(
                lease.LeaseId, OwnOrders.NameOf(lease), lease.CoeName, lease.Phase, UsageRates.Of(view), [.. order.Services[lease.Service].Reserved],
                view.AsOf == 0 ? null : (long)(head - Math.Min(head, view.AsOf)), view.HeardAtMs is { } heard ? Math.Max(0, (now - heard) / 1_000) : null));
        }

        return shown;
    }

    private static void Print(IReadOnlyList<StatsShown> shown) => Printer.Table(
        ["REPLICA", "COE", "PHASE", ">CPU mCPU", ">MEMORY MiB", ">STORAGE MiB", ">IN KiB/s", ">OUT KiB/s", ">OVER", ">REPORTED", ">AGENT HEARD"],
        shown.Select(static s => (string[])
            [
                s.Replica, s.Coe, s.Phase.ToString(), Of(s.Rates?.Cpu, s.Reserved[0]), Of(s.Rates?.Memory, s.Reserved[1]), Of(s.Rates?.Storage, s.Reserved[2]),
                s.Rates is null ? "–" : $"{s.Rates.Received}", s.Rates is null ? "–" : $"{s.Rates.Sent}", s.Rates is null ? "–" : $"{s.Rates.Seconds} s",
                Ago(s.ReportedAgo), Ago(s.HeardAgo),
            ]));

    internal static string Of(ulong? used, ulong reserved) => used is { } amount ? $"{amount} of {reserved}" : $"– of {reserved}";

    internal static string Ago(long? seconds) => seconds is { } s ? DurationText.Of(s) + " ago" : "never";
}
