using Dweb.Chain.Contracts;
using Dweb.Cli.Invocation;
using Dweb.Cli.Terminal;
using Dweb.Core.Protocol;

namespace Dweb.Cli.Commands;

/// <param name="Governor">Who decides.</param>
/// <param name="Proposal">The command that proposes it, where a DAO decides; null when it was done.</param>
/// <param name="Transaction">Null when it was not done.</param>
internal sealed record GovernedView(string Change, EvmAddress Governor, EvmAddress Target, string Data, string? Proposal, Hash32? Transaction);

/// <summary>What only the governor may do: done when that is the wallet, turned into a proposal when it is a DAO.</summary>
internal static class Governed
{
    /// <param name="words">Signature and arguments, as <c>dao propose</c> takes them.</param>
    /// <param name="change">One line, as <c>a fee of 120 basis points</c>.</param>
    public static async Task SendAsync(
        Run run, EvmAddress governor, ContractCall call, IReadOnlyList<string> words, string change, CancellationToken cancellationToken)
    {
        await run.Chain.RequireAsync(cancellationToken);
        var dao = await run.Chain.Daos.DaoOfTimelockAsync(governor, cancellationToken: cancellationToken);
        string data = "0x" + Convert.ToHexStringLower(call.Data);
        if (!dao.IsZero && run.Self != governor)
        {
            string proposal = $"dweb dao propose {dao} --call {call.To} {string.Join(' ', words.Select(Quote))} --title {Quote(change)}";
            Show(run, new GovernedView(change, governor, call.To, data, proposal, null));
            return;
        }

        // Of a wallet that is not the governor the contract says so.
        var receipt = await run.Transactions.SendAsync(call, change, cancellationToken);
        Show(run, new GovernedView(change, governor, call.To, data, null, receipt.TransactionHash));
    }

    private static void Show(Run run, GovernedView view) => run.Printer.Show(view, CliJson.Default.GovernedView, static v =>
    {
        if (v.Proposal is null)
        {
            Printer.Table(["CHANGE", "GOVERNOR"], [[v.Change, v.Governor.ToString()]]);
            return;
        }

        Printer.Line($"A DAO decides that (timelock {v.Governor}). A member proposes it with:");
        Printer.Line(v.Proposal + " --wallet MEMBER");
    });

    // As a shell takes a word whatever is in it.
    private static string Quote(string word) => word.All(static c => char.IsAsciiLetterOrDigit(c)) ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
