using System.Numerics;

namespace Dweb.Local.Ledger;

/// <summary>
/// Adds up every payment by itself and holds the sums against three witnesses: each other, the totals that the
/// ledger command reports, and what the accounts held before and after. One wei too many or too few is found.
/// </summary>
internal static class LedgerCheck
{
    public static LedgerTotals Sum(IReadOnlyList<Payment> payments)
    {
        BigInteger Of(PaymentKind kind) => payments.Where(p => p.Kind == kind).Aggregate(BigInteger.Zero, (sum, p) => sum + p.Amount);
        return new LedgerTotals(
            Of(PaymentKind.Deposited), Of(PaymentKind.EarningsWithdrawn), Of(PaymentKind.RoyaltyPaid), Of(PaymentKind.FeesWithdrawn), Of(PaymentKind.Withdrawn));
    }

    /// <summary>What does not agree, in words with both amounts; empty when every wei is where it should be.</summary>
    /// <param name="payments">All payments between the two sets of balances.</param>
    /// <param name="reported">The totals as reported.</param>
    /// <param name="before">Token balance of each account before the first payment; addresses in lower case.</param>
    /// <param name="after">The same after the last.</param>
    public static IReadOnlyList<string> Disagreements(
        IReadOnlyList<Payment> payments, LedgerTotals reported, IReadOnlyDictionary<string, BigInteger> before, IReadOnlyDictionary<string, BigInteger> after)
    {
        // A bond moves between two contracts: no account's payment shows it.
        var summed = Sum(payments) with { Bonds = reported.Bonds };
        List<string> found = [];
        if (!summed.Difference.IsZero)
        {
            found.Add($"{summed.Deposited} wei came in, {summed.Deposited - summed.Difference} wei went out: the difference is {summed.Difference} wei");
        }

        Compare(found, "deposited", summed.Deposited, reported.Deposited);
        Compare(found, "COE hosts", summed.CoeHosts, reported.CoeHosts);
        Compare(found, "royalties", summed.Royalties, reported.Royalties);
        Compare(found, "treasury", summed.Treasury, reported.Treasury);
        Compare(found, "refunded", summed.Refunded, reported.Refunded);

        foreach (var account in before.Keys.Union(after.Keys).Union(payments.Select(p => p.Account)).Order(StringComparer.Ordinal))
        {
            var gained = after.GetValueOrDefault(account) - before.GetValueOrDefault(account);
            var events = payments.Where(p => p.Account == account).Aggregate(BigInteger.Zero, (sum, p) => sum + p.Gain);
            if (gained != events)
            {
                found.Add($"{account} gained {gained} wei by its balances and {events} wei by the chain's events");
            }
        }

        return found;
    }

    private static void Compare(List<string> found, string what, BigInteger summed, BigInteger reported)
    {
        if (summed != reported)
        {
            found.Add($"{what}: {summed} wei by the events, {reported} wei as reported");
        }
    }
}
