using System.CommandLine;
using System.Numerics;
using Dweb.Cli.Deploying;
using Dweb.Cli.Errors;
using Dweb.Cli.Invocation;
using Dweb.Cli.Terminal;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;

namespace Dweb.Cli.Commands;

/// <param name="Explanation">How it stands, a sentence each.</param>
/// <param name="SetAside">Wei that its leases hold.</param>
/// <param name="Spent">Wei that hosts, royalties and fees got so far.</param>
/// <param name="Free">Wei in escrow that no lease holds.</param>
internal sealed record InspectView(
    OrderView Order, PlacementView Placement, IReadOnlyList<string> Explanation, BigInteger SetAside, BigInteger Spent, BigInteger Free);

/// <summary><c>inspect</c>: one order, and why it is where it is.</summary>
internal static class InspectCommand
{
    public static Command Create(Verbs verbs)
    {
        var name = OrderCommands.OrderArgument();
        return verbs.Verb("inspect", "Shows an order and explains what it waits for.", "dweb inspect shop --wallet alice", [name], async (run, cancellationToken) =>
        {
            var own = OrderCommands.Own(run);
            var order = await own.ResolveAsync(run.Get(name), cancellationToken);
            var placement = await own.GetAsync($"/api/orders/{order.OrderHash}/placement", DwebJson.Default.PlacementView, cancellationToken);
            await run.Chain.RequireAsync(cancellationToken);
            var money = await OrderMoney.ReadAsync(run.Chain, order.OrderHash, order.Leases.Select(static lease => lease.LeaseId), cancellationToken);
            var free = await run.Chain.Book.FreeOfAsync(order.User, cancellationToken: cancellationToken);
            var sentences = OrderSentences.Of(order, placement, run.Time.GetUtcNow().ToUnixTimeMilliseconds());
            run.Printer.Show(new InspectView(order, placement, sentences, money.SetAside, money.Spent, free), CliJson.Default.InspectView, Print);
        });
    }

    private static void Print(InspectView view)
    {
        var order = view.Order;
        Printer.Table(["NAME", "ORDER", "STATUS", "ACCEPTED"], [[order.Name ?? "", order.OrderHash.ToString(), order.Status.ToString(), SentenceValues.TimeOfMs(order.AcceptedAtMs)]]);
        foreach (string sentence in view.Explanation)
        {
            Printer.Line(sentence);
        }

        Printer.Table([">AT MOST DWEB", ">SPENT DWEB", ">SET ASIDE DWEB", ">FREE IN ESCROW"],
            [[Amount.FormatGrouped(order.MaxTotal), Amount.FormatGrouped(view.Spent), Amount.FormatGrouped(view.SetAside), Amount.FormatGrouped(view.Free)]]);
        if (order.Leases.Count > 0)
        {
            Printer.Table(["REPLICA", "COE", "STATE", "PHASE", "FUNDED UNTIL", "LEASE", "URL"], order.Leases.Select(static lease => (string[])
                [
                    OwnOrders.NameOf(lease), lease.CoeName, $"{lease.State}{(lease.Reason == default ? "" : $" ({lease.Reason})")}", lease.Phase.ToString(),
                    SentenceValues.Time(lease.FundedUntil), lease.LeaseId.ToString()[..14], string.Join(' ', lease.Urls),
                ]));
        }
    }
}
