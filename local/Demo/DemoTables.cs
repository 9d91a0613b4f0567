using System.Globalization;
using System.Numerics;
using Dweb.Local.Terminal;
using Spectre.Console;

namespace Dweb.Local.Demo;

/// <summary>The end of the demo: who ran what, and where the money went.</summary>
internal static class DemoTables
{
    public static void Show(Screen screen, IReadOnlyList<Replica> replicas, DemoReport report, IReadOnlyList<string> disagreements)
    {
        var table = new Table().AddColumns("service", "COE", "URL", "HTTP status", "answer");
        foreach (var replica in replicas)
        {
            table.AddRow(replica.Name, Markup.Escape(replica.Coe), Markup.Escape(replica.Url), replica.Status.ToString(CultureInfo.InvariantCulture), Markup.Escape(replica.Answer));
        }

        screen.Table(table);
        var ledger = new Table().AddColumn("ledger").AddColumn(new TableColumn("DWEB").RightAligned());
        ledger.AddRow("put into escrow", Dweb(report.Ledger.Deposited));
        ledger.AddRow("bonds of hosts that vanished", Dweb(report.Ledger.Bonds));
        ledger.AddRow("to COE hosts", Dweb(report.Ledger.CoeHosts));
        ledger.AddRow("to code and image owners, commons", Dweb(report.Ledger.Royalties));
        ledger.AddRow("to the treasury", Dweb(report.Ledger.Treasury));
        ledger.AddRow("refunded to the user", Dweb(report.Ledger.Refunded));
        ledger.AddRow("difference", Dweb(report.Ledger.Difference));
        screen.Table(ledger);
        var payees = new Table().AddColumns("who", "as what").AddColumn(new TableColumn("DWEB").RightAligned());
        foreach (var payee in report.Payees)
        {
            payees.AddRow(Markup.Escape(payee.Who), Markup.Escape(payee.Why), Dweb(payee.Amount));
        }

        screen.Table(payees);
        screen.Plain(string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Settlements} settlements; order to Running {report.OrderToRunningMs} ms, bare docker run {report.DockerRunMs} ms (medians of {report.Pairs.Count}); failover {report.FailoverMs} ms"));
        foreach (var disagreement in disagreements)
        {
            screen.Plain($"LEDGER: {disagreement}");
        }

        screen.Plain(report.Ok ? "The demo is complete: every replica answered and every wei is accounted for." : "The demo FAILED.");
    }

    /// <summary>An amount of wei with all its 18 decimals.</summary>
    private static string Dweb(string wei)
    {
        var amount = BigInteger.Parse(wei, CultureInfo.InvariantCulture);
        var digits = BigInteger.Abs(amount).ToString(CultureInfo.InvariantCulture).PadLeft(19, '0');
        return (amount.Sign < 0 ? "-" : "") + digits[..^18] + "." + digits[^18..];
    }
}
