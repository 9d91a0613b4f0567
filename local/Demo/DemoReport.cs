using System.Globalization;
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
/// <param name="Replicas">What answered.</param>
/// <param name="Ledger">Where the money went.</param>
/// <param name="Payees">Who got how much of it.</param>
/// <param name="Settlements">Confirmed settlement transactions.</param>
internal sealed record DemoReport(
    bool Ok,
    long OrderToRunningMs,
    long DockerRunMs,
    IReadOnlyList<IReadOnlyList<long>> Pairs,
    long FailoverMs,
    IReadOnlyList<ReplicaAnswer> Replicas,
    LedgerReport Ledger,
    IReadOnlyList<PayeeReport> Payees,
    int Settlements)
{
    public static DemoReport Of(bool ok, BenchResult bench, long failoverMs, IReadOnlyList<Replica> replicas, LedgerTotals totals, IReadOnlyList<Paid> payees, int settlements) => new(
        ok, bench.OrderMedian, bench.DockerMedian, [.. bench.Pairs.Select(p => (IReadOnlyList<long>)[p.OrderMs, p.DockerMs])], failoverMs,
        [.. replicas.Select(r => new ReplicaAnswer(r.Coe, r.Url, r.Status))], LedgerReport.Of(totals),
        [.. payees.Select(static p => new PayeeReport(p.Who, p.Why, p.Amount.ToString(CultureInfo.InvariantCulture)))], settlements);

    public string ToJson() => JsonSerializer.Serialize(this, DemoReportJson.Default.DemoReport);
}

/// <summary>A replica as somebody outside sees it.</summary>
internal sealed record ReplicaAnswer(string Coe, string Url, int Status);

/// <summary>What somebody got, in a decimal string of wei.</summary>
internal sealed record PayeeReport(string Who, string Why, string Amount);

/// <summary>The ledger in decimal strings of wei.</summary>
internal sealed record LedgerReport(string Deposited, string Bonds, string CoeHosts, string Royalties, string Treasury, string Refunded, string Difference)
{
    public static LedgerReport Of(LedgerTotals totals) => new(
        Text(totals.Deposited), Text(totals.Bonds), Text(totals.CoeHosts), Text(totals.Royalties), Text(totals.Treasury), Text(totals.Refunded), Text(totals.Difference));

    private static string Text(System.Numerics.BigInteger wei) => wei.ToString(CultureInfo.InvariantCulture);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DemoReport))]
internal sealed partial class DemoReportJson : JsonSerializerContext;
