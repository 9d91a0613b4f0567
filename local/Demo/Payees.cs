using System.Numerics;
using Dweb.Local.Ledger;
using Dweb.Local.Stack;

namespace Dweb.Local.Demo;

/// <summary>Names those whom the contracts paid.</summary>
internal sealed class Payees(LocalStack stack, Community community)
{
    /// <param name="payments">Of the ledger.</param>
    /// <param name="drawn">What members drew from their DAOs, out of what the ledger paid to these.</param>
    public IReadOnlyList<Paid> Of(IReadOnlyList<Payment> payments, IReadOnlyList<Paid> drawn)
    {
        var names = stack.People.ToDictionary(p => p.Value.ToLowerInvariant(), p => p.Key, StringComparer.Ordinal);
        names[community.Treasury.ToLowerInvariant()] = $"DAO '{Community.Tools}'";
        return
        [
            .. payments.Where(static p => p.Kind != PaymentKind.Deposited).GroupBy(static p => (p.Account, p.Kind))
                .Select(group => new Paid(
                    names.GetValueOrDefault(group.Key.Account, group.Key.Account), Why(group.Key.Kind), group.Aggregate(BigInteger.Zero, static (sum, p) => sum + p.Amount)))
                .OrderBy(static p => p.Why, StringComparer.Ordinal).ThenBy(static p => p.Who, StringComparer.Ordinal),
            .. drawn,
        ];
    }

    private static string Why(PaymentKind kind) => kind switch
    {
        PaymentKind.EarningsWithdrawn => "COE host",
        PaymentKind.RoyaltyPaid => "owner of code or image, or commons",
        PaymentKind.FeesWithdrawn => "treasury",
        _ => "user: refund",
    };
}
