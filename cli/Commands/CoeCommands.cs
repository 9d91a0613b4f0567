using System.CommandLine;
using System.Numerics;
using Dweb.Chain.Contracts;
using Dweb.Cli.Invocation;
using Dweb.Cli.Onchain;
using Dweb.Cli.Terminal;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;

namespace Dweb.Cli.Commands;

/// <param name="Amount">Wei paid to the host now.</param>
/// <param name="Maturing">Wei that will mature within two epochs.</param>
/// <param name="Transaction">Null when nothing had matured.</param>
internal sealed record EarningsView(Hash32 Coe, string Name, EvmAddress Host, BigInteger Amount, BigInteger Maturing, Hash32? Transaction);

/// <summary>Container Orchestration Environments: machines on the market.</summary>
internal static class CoeCommands
{
    internal static readonly string[] Resources = ["CPU mCPU", "memory MiB", "storage MiB", "bandwidth Mbit/s", "transfer GiB"];

    public static Command Create(Verbs verbs) => Verbs.Group(
        "coe", "Machines on the market: Container Orchestration Environments.",
        [
            CoeJoinCommand.Create(verbs), CoeStatusCommand.Create(verbs), CoeDoctorCommand.Create(verbs), CoeLeaveCommand.Create(verbs),
            CoeRegisterCommand.Create(verbs), CoeConsentCommand.Create(verbs), List(verbs), Show(verbs), Withdraw(verbs), .. CoeOfferCommands.Create(verbs),
            .. CoeDutyCommands.Create(verbs), .. CoeStakeCommands.Create(verbs),
        ]);

    private static Command List(Verbs verbs) => verbs.Verb("ls", "Lists the COEs on the market.", "dweb coe ls", [], async (run, cancellationToken) =>
    {
        var all = await AllAsync(run, cancellationToken);
        run.Printer.Show(all, DwebJson.Default.IReadOnlyListCoeView, static coes => Printer.Table(
            ["COE", "ID", "REGION", "STATUS", "LIVE", ">CPU FREE", ">MEMORY FREE", ">STAKE DWEB"],
            coes.Select(static coe => (string[])
                [
                    coe.Name, coe.Coe.ToString()[..14], coe.Region, coe.Status, coe.Live ? "yes" : "no", $"{coe.Capacity[0] - coe.Assigned[0]} mCPU",
                    $"{coe.Capacity[1] - coe.Assigned[1]} MiB", Amount.FormatGrouped(coe.Stake),
                ])));
    });

    private static Command Show(Verbs verbs)
    {
        var name = new Argument<string>("NAME") { Description = "Name of a COE, or the beginning of its id." };
        var onchain = new Option<bool>("--onchain") { Description = "Ask the chain itself, not the control plane: also asks that wait, what unbonds, and the host image." };
        return verbs.Verb("show", "Shows one COE.", "dweb coe show frankfurt-1", [name, onchain], async (run, cancellationToken) =>
        {
            if (run.Get(onchain))
            {
                await CoeOnchain.ShowAsync(run, run.Get(name), cancellationToken);
                return;
            }

            var coe = NameResolution.Resolve(run.Get(name), "COE", await AllAsync(run, cancellationToken), static coe => coe.Coe, static coe => coe.Name);
            run.Printer.Show(coe, DwebJson.Default.CoeView, Print);
        });
    }

    private static Command Withdraw(Verbs verbs)
    {
        var name = new Argument<string>("NAME") { Description = "Name of a COE, or the beginning of its id." };
        return verbs.Verb("withdraw", "Pays a COE's matured earnings to its host.", "dweb coe withdraw frankfurt-1 --wallet host1", [name], async (run, cancellationToken) =>
        {
            var view = await WithdrawAsync(run, run.Get(name), cancellationToken);
            run.Printer.Show(view, CliJson.Default.EarningsView, static v => Printer.Table(
                ["COE", "HOST", ">PAID DWEB", ">MATURING DWEB"], [[v.Name, v.Host.ToString(), Amount.FormatGrouped(v.Amount), Amount.FormatGrouped(v.Maturing)]]));
        });
    }

    private static Task<IReadOnlyList<CoeView>> AllAsync(Run run, CancellationToken cancellationToken) =>
        run.Api.GetAsync("/api/coes", DwebJson.Default.IReadOnlyListCoeView, null, cancellationToken);

    private static void Print(CoeView coe)
    {
        Printer.Table(["COE", "ID", "HOST", "AGENT", "REGION", "STATUS", "LIVE"],
            [[coe.Name, coe.Coe.ToString(), coe.Host.ToString(), coe.Agent.ToString(), coe.Region, coe.Status, coe.Live ? "yes" : "no"]]);
        Printer.Table(["RESOURCE", ">CAPACITY", ">ASSIGNED", ">ASK IN WEI"],
            Resources.Select((resource, i) => (string[])[resource, $"{coe.Capacity[i]}", $"{coe.Assigned[i]}", $"{coe.Ask[i]}"]));
        Printer.Table([">STAKE DWEB", ">LOCKED DWEB", "ENDPOINT"], [[Amount.FormatGrouped(coe.Stake), Amount.FormatGrouped(coe.Locked), coe.Endpoint]]);
    }

    private static async Task<EarningsView> WithdrawAsync(Run run, string name, CancellationToken cancellationToken)
    {
        var chain = run.Chain;
        var transactions = run.Transactions;
        var coe = await new CoeNames(chain).ResolveAsync(name, transactions.Account.Address, cancellationToken);
        var earned = await chain.Book.EarnedOfAsync(coe.Id, cancellationToken: cancellationToken);
        if (earned.Matured == 0)
        {
            return new EarningsView(coe.Id, coe.Name, coe.Host, BigInteger.Zero, earned.Maturing, null);
        }

        var receipt = await transactions.SendAsync(
            chain.Book.WithdrawEarned(coe.Id), $"the payment of what COE '{coe.Name}' has earned ({Amount.FormatGrouped(earned.Matured)} DWEB) to {coe.Host}", cancellationToken);
        var paid = BigInteger.Zero;
        foreach (var log in receipt.Logs)
        {
            if (log.Address == chain.Addresses.LeaseBook && LeaseBook.Events.EarningsWithdrawn.TryDecode(log, out var payment))
            {
                paid += payment.Amount;
            }
        }

        var rest = await chain.Book.EarnedOfAsync(coe.Id, cancellationToken: cancellationToken);
        return new EarningsView(coe.Id, coe.Name, coe.Host, paid, rest.Maturing, receipt.TransactionHash);
    }
}
