using System.Numerics;
using Dweb.Cli.Deploying;
using Dweb.Cli.Invocation;
using Dweb.Cli.Terminal;
using Dweb.Core.Protocol;

namespace Dweb.Cli.Commands;

/// <param name="SpecHash">What the user would sign for the container, and the agent checks.</param>
internal sealed record PlannedService(string Service, string Digest, Hash32 SpecHash, ushort Replicas, IReadOnlyList<ulong> Reserved, IReadOnlyList<BigInteger> Ceiling);

/// <param name="Existing">The order that there is of this file already, which a deploy would answer; null for none.</param>
/// <param name="MaxTotal">Wei, the cap that would be signed.</param>
/// <param name="Opening">Wei that opening takes from the free balance.</param>
/// <param name="Free">Wei in escrow that no lease holds.</param>
internal sealed record DryRunView(
    string Name, EvmAddress User, Hash32? Existing, IReadOnlyList<PlannedService> Services, QuoteResult Quote, BigInteger MaxTotal, uint Duration, uint Prepay,
    BigInteger Opening, BigInteger Free);

/// <summary><c>deploy --dry-run</c>: everything up to the signature.</summary>
internal static class DryRun
{
    public static void Show(Run run, PreparedOrder prepared, Hash32? existing)
    {
        var order = prepared.Built.Order;
        var view = new DryRunView(
            prepared.Quoted.Deployment.Name, order.User, existing,
            [.. order.Services.Select((service, i) => new PlannedService(
                prepared.Quoted.Deployment.Services[i].Name, ImageCommands.Digest(service.ImageDigest), service.SpecHash, service.Replicas,
                service.Reserved.ToList(), service.Ceiling.ToList()))],
            QuoteCommand.View(prepared.Quoted), order.MaxTotal, order.Duration, order.Prepay, prepared.Opening, prepared.Free);
        run.Printer.Show(view, CliJson.Default.DryRunView, Print);
    }

    private static void Print(DryRunView view)
    {
        Printer.Table(["SERVICE", ">REPLICAS", "SPEC HASH"], view.Services.Select(static s => (string[])[s.Service, $"{s.Replicas}", s.SpecHash.ToString()]));
        QuoteTables.Print(view.Quote, Printer.Table);
        Printer.Table(["WOULD BE SIGNED", ">"],
        [
            ["at most, DWEB", Amount.FormatGrouped(view.MaxTotal)], ["duration, s", $"{view.Duration}"], ["prepaid, s", $"{view.Prepay}"],
            ["taken at the opening, DWEB", Amount.FormatGrouped(view.Opening)], ["free in escrow, DWEB", Amount.FormatGrouped(view.Free)],
        ]);
        Printer.Line(Verdict(view));
    }

    internal static string Verdict(DryRunView view) => view switch
    {
        { Existing: { } order } => $"Nothing was signed. There is order {order} of this file already: a deploy answers it, --again 1 makes another.",
        _ when view.Free < view.Opening => $"Nothing was signed. A deploy would be refused: {Amount.FormatGrouped(view.Opening - view.Free)} DWEB more have to be free in escrow.",
        _ => "Nothing was signed. A deploy would be taken now.",
    };
}
