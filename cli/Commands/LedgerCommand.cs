using System.CommandLine;
using System.Numerics;
using Dweb.Cli.Invocation;
using Dweb.Cli.Ledger;
using Dweb.Cli.Terminal;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Cli.Commands;

/// <summary><c>ledger</c>: every wei that came in and where it went.</summary>
internal static class LedgerCommand
{
    public static Command Create(Verbs verbs)
    {
        var from = new Option<ulong?>("--from") { Description = "First block; the deployment's otherwise.", HelpName = "BLOCK" };
        var to = new Option<ulong?>("--to") { Description = "Last block; the newest otherwise.", HelpName = "BLOCK" };
        var strict = new Option<bool>("--strict") { Description = "Fail unless everything is paid out and every balance agrees." };
        return verbs.Verb("ledger", "Shows every wei that came in and where it went, from the chain alone.", "dweb ledger --strict", [from, to, strict], async (run, cancellationToken) =>
        {
            var report = await new LedgerReader(run.Chain).ReadAsync(run.Get(from), run.Get(to), cancellationToken);
            run.Printer.Show(report, CliJson.Default.LedgerReport, Print);
            var faults = report.Faults();
            if (run.Get(strict) && faults.Count > 0)
            {
                throw new DwebException(Catalogue.LedgerOpen, $"The ledger does not close: {string.Join("; ", faults)}.");
            }
        });
    }

    private static void Print(LedgerReport report)
    {
        Printer.Table(["EVENT", "ACCOUNT", ">DWEB", ">BLOCK"], report.Entries.Concat(report.Movements).OrderBy(static e => e.Block).Select(static e => (string[])
            [e.Kind.ToString(), e.Account, Amount.FormatGrouped(e.Amount), $"{e.Block}"]));
        Console.Out.WriteLine();
        Printer.Table(["ROLE", "ACCOUNT", ">DWEB"], report.Balances.Select(static b => (string[])[b.Role, b.Account.ToString(), Amount.FormatGrouped(b.Token)]));
        Console.Out.WriteLine();
        Printer.Table(["", ">DWEB"],
        [
            Row("deposited", report.Deposited), .. OnlyIfAny("bonds of hosts", report.Bonds), Row("to COE hosts", report.CoeHosts), Row("royalties", report.Royalties), Row("treasury", report.Treasury),
            Row("refunded", report.Refunded), .. OnlyIfAny("of that bounties", report.Bounties), Row("still in leases", report.Fenced),
            .. OnlyIfAny("still in disputes", report.Disputed), Row("difference", report.Difference),
        ]);
        Console.Out.WriteLine($"{report.Settlements} settlements; {string.Join("; ", report.Faults().DefaultIfEmpty("every wei is where it belongs"))}");
    }

    private static string[][] OnlyIfAny(string what, BigInteger amount) => amount.IsZero ? [] : [Row(what, amount)];

    private static string[] Row(string what, BigInteger amount) => [what, Amount.FormatGrouped(amount)];
}
