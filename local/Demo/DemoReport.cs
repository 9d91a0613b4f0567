using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dweb.Local.Bench;
using Dweb.Local.Ledger;

namespace Dweb.Local.Demo;

/// <summary>What a run came to. Amounts are decimal strings of wei, times milliseconds.</summary>
/// <param name="Ok">Every replica answered 200 and every wei is accounted for.</param>
/// <param name="OrderToRunningMs">Median over single-replica orders, from the request's first byte to Running as committed by the control plane.</param>
/// <param name="DockerRunMs">Median over as many bare <c>docker run -d</c> of the same image.</param>
/// <param name="Pairs">Each order and the run beside it.</param>
/// <param name="FailoverMs">From the kill of a host's machine to Running committed elsewhere.</param>
/// <param name="NoShow">A host that took a lease and never ran it.</param>
/// <param name="Dispute">A host that was paid for what it did not serve.</param>
/// <param name="Replicas">What answered.</param>
/// <param name="Ledger">Where the money went.</param>
/// <param name="Payees">Who got how much of it.</param>
/// <param name="Stakes">What became of each host's stake.</param>
/// <param name="Settlements">Confirmed settlement transactions.</param>
internal sealed record DemoReport(
    bool Ok,
    long OrderToRunningMs,
    long DockerRunMs,
    IReadOnlyList<IReadOnlyList<long>> Pairs,
    long FailoverMs,
    NoShowReport NoShow,
    DisputeReport Dispute,
    IReadOnlyList<ReplicaAnswer> Replicas,
    LedgerReport Ledger,
    IReadOnlyList<PayeeReport> Payees,
    IReadOnlyList<StakeReport> Stakes,
    int Settlements)
{
    public static DemoReport Of(bool ok, BenchResult bench, Failures failures, IReadOnlyList<Replica> replicas, LedgerTotals totals, IReadOnlyList<Paid> payees, IReadOnlyList<Stake> stakes, int settlements) => new(
        ok, bench.OrderMedian, bench.DockerMedian, [.. bench.Pairs.Select(p => (IReadOnlyList<long>)[p.OrderMs, p.DockerMs])], failures.Failover.TookMs,
        new NoShowReport(failures.NoShow.Coe, Text(failures.NoShow.Bond)),
        new DisputeReport(failures.Refund.Seconds, Text(failures.Refund.Refunded), failures.Refund.VerdictMs),
        [.. replicas.Select(r => new ReplicaAnswer(r.Coe, r.Url, r.Status))], LedgerReport.Of(totals),
        [.. payees.Select(static p => new PayeeReport(p.Who, p.Why, Text(p.Amount)))],
        [.. stakes.Select(static s => new StakeReport(s.Who, Text(s.Staked), Text(s.Lost), Text(s.Withdrawn)))], settlements);

    public string ToJson() => JsonSerializer.Serialize(this, DemoReportJson.Default.DemoReport);

    private static string Text(BigInteger wei) => wei.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What hosts did wrong, and what became of it.</summary>
internal sealed record Failures(Failover Failover, MissedStart NoShow, Refund Refund)
{
    /// <summary>Replicas that took over, with what they answer.</summary>
    public IEnumerable<Replica> Successors => [.. Failover.Successors, .. NoShow.Successors, .. Refund.Successors];
}

/// <param name="Bond">That the user got of the host's stake, in a decimal string of wei.</param>
internal sealed record NoShowReport(string Coe, string Bond);

/// <param name="Seconds">That were settled and not served.</param>
/// <param name="Refunded">Of the host's pay, in a decimal string of wei.</param>
/// <param name="VerdictMs">From the dispute to the verdict.</param>
internal sealed record DisputeReport(uint Seconds, string Refunded, long VerdictMs);

/// <summary>A host's stake in decimal strings of wei: what it put up, what users got of it, what the host took out.</summary>
internal sealed record StakeReport(string Who, string Staked, string Lost, string Withdrawn);

/// <summary>A replica as somebody outside sees it.</summary>
internal sealed record ReplicaAnswer(string Coe, string Url, int Status);

/// <summary>What somebody got, in a decimal string of wei.</summary>
internal sealed record PayeeReport(string Who, string Why, string Amount);

/// <summary>The ledger in decimal strings of wei.</summary>
internal sealed record LedgerReport(string Deposited, string Bonds, string CoeHosts, string Royalties, string Treasury, string Refunded, string Difference)
{
    public static LedgerReport Of(LedgerTotals totals) => new(
        Text(totals.Deposited), Text(totals.Bonds), Text(totals.CoeHosts), Text(totals.Royalties), Text(totals.Treasury), Text(totals.Refunded), Text(totals.Difference));

    private static string Text(BigInteger wei) => wei.ToString(CultureInfo.InvariantCulture);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DemoReport))]
internal sealed partial class DemoReportJson : JsonSerializerContext;
