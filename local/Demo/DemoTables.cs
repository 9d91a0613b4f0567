using System.Globalization;
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
        ledger.AddRow("bonds of hosts that vanished or never ran", Dweb(report.Ledger.Bonds));
        ledger.AddRow("to COE hosts", Dweb(report.Ledger.CoeHosts));
        ledger.AddRow("to code and image owners, commons", Dweb(report.Ledger.Royalties));
        ledger.AddRow("to the treasury", Dweb(report.Ledger.Treasury));
        ledger.AddRow("back to the users", Dweb(report.Ledger.Refunded));
        ledger.AddRow("difference", Dweb(report.Ledger.Difference));
        screen.Table(ledger);
        var payees = new Table().AddColumns("who", "as what").AddColumn(new TableColumn("DWEB").RightAligned());
        foreach (var payee in report.Payees)
        {
            payees.AddRow(Markup.Escape(payee.Who), Markup.Escape(payee.Why), Dweb(payee.Amount));
        }

        screen.Table(payees);
        var stakes = new Table().AddColumns("host").AddColumn(new TableColumn("staked DWEB").RightAligned()).AddColumn(new TableColumn("lost to users").RightAligned()).AddColumn(new TableColumn("taken out").RightAligned());
        foreach (var stake in report.Stakes)
        {
            stakes.AddRow(Markup.Escape(stake.Who), Dweb(stake.Staked), Dweb(stake.Lost), Dweb(stake.Withdrawn));
        }

        screen.Table(stakes);
        screen.Plain(string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Settlements} settlements; order to Running {report.OrderToRunningMs} ms, bare docker run {report.DockerRunMs} ms (medians of {report.Pairs.Count}); failover {report.FailoverMs} ms; verdict {report.Dispute.VerdictMs} ms"));
        foreach (var disagreement in disagreements)
        {
            screen.Plain($"LEDGER: {disagreement}");
        }

        screen.Plain(report.Ok ? "The demo is complete: every replica answered and every wei is accounted for." : "The demo FAILED.");
    }

    private static string Dweb(string wei) => Money.Full(Money.Parse(wei));
}
