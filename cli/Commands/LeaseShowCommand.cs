using System.CommandLine;
using System.Numerics;
using Dweb.Cli.Errors;
using Dweb.Cli.Invocation;
using Dweb.Cli.Onchain;
using Dweb.Cli.Terminal;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Cli.Commands;

/// <param name="HostRate">Gwei per second, as <paramref name="BaseRate"/>, from which royalty and fee are computed.</param>
/// <param name="SettledSeconds">Paid for.</param>
/// <param name="Limit">Seconds funded, counted from <paramref name="Origin"/>.</param>
/// <param name="Origin">Unix time in seconds, the chain's, as <paramref name="FundedUntil"/> and <paramref name="EndedAt"/>, which is 0 while it has not ended.</param>
/// <param name="Fenced">Wei set aside for it.</param>
/// <param name="Disputed">Wei in dispute; 0 for none.</param>
/// <param name="VerdictUntil">Unix time in seconds; 0 when no dispute is open.</param>
internal sealed record LeaseShown(
    Hash32 Lease, Hash32 Order, EvmAddress User, Hash32 Coe, ushort Service, ushort Replica, ushort Generation, string Image, LeaseState State, EndReason Reason,
    uint HostRate, uint BaseRate, ushort RoyaltyBps, ushort FeeBps, ulong Origin, uint Limit, ulong FundedUntil, ulong EndedAt, uint SettledSeconds, BigInteger Fenced,
    BigInteger Disputed, uint DisputedSeconds, ulong VerdictUntil);

/// <summary><c>lease show</c>: a lease as the chain has it.</summary>
internal static class LeaseShowCommand
{
    private static readonly BigInteger WeiPerGwei = 1_000_000_000;

    public static Command Create(Verbs verbs)
    {
        var name = LeaseCommands.LeaseArgument();
        return verbs.Verb("show", "Shows terms, money and state of a lease.", "dweb lease show 0x9f86d081", [name], async (run, cancellationToken) =>
        {
            var lease = await LeaseCommands.ResolveAsync(run, run.Get(name), cancellationToken);
            run.Printer.Show(await ReadAsync(run.Chain, lease, cancellationToken), CliJson.Default.LeaseShown, Print);
        });
    }

    private static async Task<LeaseShown> ReadAsync(DwebChain chain, OnchainLease lease, CancellationToken cancellationToken)
    {
        var now = await chain.Book.LeaseOfAsync(lease.Id, cancellationToken: cancellationToken);
        var dispute = await chain.Book.DisputeOfAsync(lease.Id, cancellationToken: cancellationToken);
        return new LeaseShown(
            lease.Id, lease.Key.OrderHash, lease.User, lease.Key.Coe, lease.Key.Service, lease.Key.Replica, lease.Key.Generation,
            ImageCommands.Digest(lease.Opened.ImageDigest), (LeaseState)now.State, (EndReason)now.Reason, now.Terms.HostRate, now.Terms.BaseRate, now.Terms.RoyaltyBps,
            now.Terms.FeeBps, now.Origin, now.Limit, (ulong)now.Origin + now.Limit, now.EndedAt, now.Settled.SecondsRun,
            await chain.Book.FencedOfAsync(lease.Id, cancellationToken: cancellationToken), dispute.Amount * WeiPerGwei, dispute.SecondsDisputed, dispute.VerdictUntil);
    }

    private static void Print(LeaseShown l)
    {
        Printer.Table(["LEASE", "STATE", "ORDER", "REPLICA"], [[l.Lease.ToString(), State(l), l.Order.ToString()[..14], $"{l.Service}-{l.Replica}, generation {l.Generation}"]]);
        Printer.Table(["USER", "COE", "IMAGE"], [[l.User.ToString(), l.Coe.ToString()[..14], l.Image]]);
        Printer.Table(
            [">HOST GWEI/S", ">BASE GWEI/S", ">ROYALTY", ">FEE", ">SETTLED S", ">FUNDED S", "FUNDED UNTIL", ">SET ASIDE DWEB"],
            [
                [
                    $"{l.HostRate}", $"{l.BaseRate}", $"{l.RoyaltyBps} bps", $"{l.FeeBps} bps", $"{l.SettledSeconds}", $"{l.Limit}", SentenceValues.Time(l.FundedUntil),
                    Amount.FormatGrouped(l.Fenced),
                ],
            ]);
        if (l.VerdictUntil > 0)
        {
            Printer.Table([">DISPUTED S", ">DWEB", "VERDICT UNTIL"], [[$"{l.DisputedSeconds}", Amount.FormatGrouped(l.Disputed), SentenceValues.Time(l.VerdictUntil)]]);
        }
    }

    private static string State(LeaseShown lease) => lease.Reason == EndReason.None ? lease.State.ToString() : $"{lease.State} ({lease.Reason}, {SentenceValues.Time(lease.EndedAt)})";
}
