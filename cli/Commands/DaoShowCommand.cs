using System.CommandLine;
using System.Numerics;
using Dweb.Chain.Contracts;
using Dweb.Cli.Invocation;
using Dweb.Cli.Onchain;
using Dweb.Cli.Terminal;
using Dweb.Core.Protocol;

namespace Dweb.Cli.Commands;

/// <param name="Owed">Wei it can draw now.</param>
/// <param name="Payout">Where that is paid: the member, or the treasury of a member that is a DAO.</param>
internal sealed record DaoMemberView(EvmAddress Member, BigInteger Shares, BigInteger Owed, EvmAddress Payout);

/// <param name="RetainBps">Basis points of every receipt that are kept for proposals.</param>
/// <param name="VotingDelay">Seconds, as <paramref name="VotingPeriod"/> and <paramref name="TimelockDelay"/>.</param>
internal sealed record ArticlesView(
    ushort RetainBps, BigInteger VotingDelay, BigInteger VotingPeriod, BigInteger TimelockDelay, BigInteger QuorumPercent, BigInteger ProposalThreshold, string Uri,
    Hash32 TextHash);

/// <param name="Balance">Wei the treasury holds.</param>
/// <param name="Reserve">Wei for proposals.</param>
/// <param name="Carry">Wei that could not be divided by the shares yet.</param>
/// <param name="Owed">Wei of all members.</param>
internal sealed record TreasuryView(BigInteger Balance, BigInteger Reserve, BigInteger Carry, BigInteger Owed);

internal sealed record DaoShown(DaoView Dao, BigInteger TotalShares, ArticlesView Articles, TreasuryView Treasury, IReadOnlyList<DaoMemberView> Members);

/// <summary><c>dao show</c>: members, articles and treasury as they are now.</summary>
internal static class DaoShowCommand
{
    public static Command Create(Verbs verbs)
    {
        var name = DaoCommands.DaoArgument();
        return verbs.Verb("show", "Shows members, articles and treasury of a DAO.", "dweb dao show tools", [name], async (run, cancellationToken) =>
        {
            var dao = await new DaoNames(run.Chain).ResolveAsync(run.Get(name), run.Self, cancellationToken);
            run.Printer.Show(await ReadAsync(run.Chain, dao, cancellationToken), CliJson.Default.DaoShown, Print);
        });
    }

    private static async Task<DaoShown> ReadAsync(DwebChain chain, DaoFactory.Events.DaoCreated dao, CancellationToken cancellationToken)
    {
        var shares = new DaoShares(chain.Client, dao.Shares);
        var treasury = new DaoTreasury(chain.Client, dao.Treasury);
        var members = new List<DaoMemberView>();
        foreach (var member in await EverMembersAsync(chain, dao, cancellationToken))
        {
            var view = new DaoMemberView(
                member, await shares.SharesOfAsync(member, cancellationToken: cancellationToken), await treasury.OwedToAsync(member, cancellationToken: cancellationToken),
                await treasury.PayoutOfAsync(member, cancellationToken: cancellationToken));
            if (view.Shares > 0 || view.Owed > 0)
            {
                members.Add(view);
            }
        }

        var pot = await treasury.PotAsync(cancellationToken: cancellationToken);
        return new DaoShown(
            new DaoView(dao.Id, await shares.NameAsync(cancellationToken: cancellationToken), dao.Creator, dao.Shares, dao.Governor, dao.Timelock, dao.Treasury),
            await shares.TotalSharesAsync(cancellationToken: cancellationToken), await ArticlesAsync(chain, dao, shares, cancellationToken),
            new TreasuryView(
                await chain.Token.BalanceOfAsync(dao.Treasury, cancellationToken: cancellationToken), pot.Reserve, pot.Carry,
                members.Aggregate(BigInteger.Zero, static (sum, member) => sum + member.Owed)),
            members);
    }

    private static async Task<ArticlesView> ArticlesAsync(DwebChain chain, DaoFactory.Events.DaoCreated dao, DaoShares shares, CancellationToken cancellationToken)
    {
        var governor = new DaoGovernor(chain.Client, dao.Governor);
        var timelock = new DaoTimelock(chain.Client, dao.Timelock);
        return new ArticlesView(
            await shares.RetainBpsAsync(cancellationToken: cancellationToken), await governor.VotingDelayAsync(cancellationToken: cancellationToken),
            await governor.VotingPeriodAsync(cancellationToken: cancellationToken), await timelock.GetMinDelayAsync(cancellationToken: cancellationToken),
            await governor.QuorumNumeratorAsync(cancellationToken: cancellationToken), await governor.ProposalThresholdAsync(cancellationToken: cancellationToken),
            await shares.UriAsync(cancellationToken: cancellationToken), await shares.TextHashAsync(cancellationToken: cancellationToken));
    }

    /// <summary>Everybody who has, or had, shares.</summary>
    private static async Task<IReadOnlyList<EvmAddress>> EverMembersAsync(DwebChain chain, DaoFactory.Events.DaoCreated dao, CancellationToken cancellationToken)
    {
        var logs = await ChainEvents.ReadAsync(
            chain.Client, [dao.Shares], [[DaoShares.Events.SharesIssued.Topic, DaoShares.Events.SharesMoved.Topic]], chain.Addresses.Block, null, cancellationToken);
        var later = logs.Select(static log => DaoShares.Events.SharesIssued.TryDecode(log, out var issued)
            ? issued.To
            : DaoShares.Events.SharesMoved.TryDecode(log, out var moved) ? moved.To : EvmAddress.Zero);
        return [.. dao.Members.Select(static member => member.Account).Concat(later).Where(static member => !member.IsZero).Distinct()];
    }

    private static void Print(DaoShown d)
    {
        Printer.Table(["DAO", "ID", ">SHARES", "CREATOR"], [[d.Dao.Name, d.Dao.Id.ToString(), $"{d.TotalShares}", d.Dao.Creator.ToString()]]);
        Printer.Table(["TIMELOCK", "GOVERNOR"], [[d.Dao.Timelock.ToString(), d.Dao.Governor.ToString()]]);
        Printer.Table(
            [">KEPT", ">VOTE AFTER S", ">VOTE FOR S", ">TIMELOCK S", ">QUORUM", ">TO PROPOSE", "TEXT"],
            [
                [
                    $"{d.Articles.RetainBps} bps", $"{d.Articles.VotingDelay}", $"{d.Articles.VotingPeriod}", $"{d.Articles.TimelockDelay}", $"{d.Articles.QuorumPercent} %",
                    $"{d.Articles.ProposalThreshold} shares", d.Articles.Uri,
                ],
            ]);
        Printer.Table(
            ["TREASURY", ">DWEB", ">RESERVE", ">OWED", ">CARRY IN WEI"],
            [
                [
                    d.Dao.Treasury.ToString(), Amount.FormatGrouped(d.Treasury.Balance), Amount.FormatGrouped(d.Treasury.Reserve), Amount.FormatGrouped(d.Treasury.Owed),
                    $"{d.Treasury.Carry}",
                ],
            ]);
        Printer.Table(
            ["MEMBER", ">SHARES", ">OWED DWEB", "PAID TO"],
            d.Members.Select(static m => (string[])[m.Member.ToString(), $"{m.Shares}", Amount.FormatGrouped(m.Owed), m.Payout == m.Member ? "itself" : m.Payout.ToString()]));
    }
}
