using System.Numerics;

namespace Dweb.Local.Ledger;

/// <summary>Where the money that users put into escrow went. All in wei.</summary>
/// <param name="Deposited">All that came in.</param>
/// <param name="CoeHosts">Paid to hosts.</param>
/// <param name="Royalties">Paid to owners of code and images, the commons included.</param>
/// <param name="Treasury">Fees.</param>
/// <param name="Refunded">What users took out again.</param>
/// <param name="Bonds">What hosts lost of their stakes to users: it came in beside the deposits.</param>
internal sealed record LedgerTotals(
    BigInteger Deposited, BigInteger CoeHosts, BigInteger Royalties, BigInteger Treasury, BigInteger Refunded, BigInteger Bonds = default)
{
    /// <summary>What came in and went nowhere; negative when more went out than came in.</summary>
    public BigInteger Difference => Deposited + Bonds - CoeHosts - Royalties - Treasury - Refunded;
}

/// <summary>Kinds of payment, named as the chain's events.</summary>
internal enum PaymentKind
{
    Deposited,
    Withdrawn,
    EarningsWithdrawn,
    RoyaltyPaid,
    FeesWithdrawn,
}

/// <summary>One payment between an account and the contracts that hold users' money, from its own event.</summary>
internal sealed record Payment(PaymentKind Kind, string Account, BigInteger Amount)
{
    /// <summary>By how much the account's own balance rises.</summary>
    public BigInteger Gain => Kind == PaymentKind.Deposited ? -Amount : Amount;
}
