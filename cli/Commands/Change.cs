using Dweb.Chain.Contracts;
using Dweb.Cli.Invocation;
using Dweb.Cli.Terminal;
using Dweb.Core.Protocol;

namespace Dweb.Cli.Commands;

/// <param name="Subject">What was changed, as it was named.</param>
/// <param name="Id">Its id or address.</param>
/// <param name="Change">The line that was approved.</param>
internal sealed record ChangeView(string Subject, string Id, string Change, Hash32 Transaction, ulong Block);

/// <summary>What verbs do that send one call and have nothing to show but that it happened.</summary>
internal static class Change
{
    /// <param name="change">One line, as <c>the revocation of release page@1.0</c>.</param>
    public static async Task SendAsync(Run run, ContractCall call, string subject, string id, string change, CancellationToken cancellationToken)
    {
        var receipt = await run.Transactions.SendAsync(call, change, cancellationToken);
        Show(run, new ChangeView(subject, id, change, receipt.TransactionHash, receipt.BlockNumber));
    }

    public static void Show(Run run, ChangeView view) => run.Printer.Show(view, CliJson.Default.ChangeView, static v => Printer.Table(
        ["CHANGED", "ID", "CHANGE", ">BLOCK"], [[v.Subject, v.Id, v.Change, $"{v.Block}"]]));
}
