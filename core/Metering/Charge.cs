using System.Numerics;

namespace Dweb.Core.Metering;

/// <summary>What usage costs, in wei, and who it is for. The user pays the sum.</summary>
public readonly record struct Charge(BigInteger Host, BigInteger Royalty, BigInteger Fee)
{
    internal const long WeiPerGwei = 1_000_000_000;

    // A gwei times a basis point: exact, so royalty and fee are never rounded.
    private const long WeiPerGweiBasisPoint = WeiPerGwei / 10_000;

    public static Charge Zero => default;

    public BigInteger Total => Host + Royalty + Fee;

    /// <param name="seconds">Payable seconds.</param>
    /// <param name="transferMiB">Billed transfer in MiB; see <see cref="Payable.TransferMiB"/>.</param>
    public static Charge Of(LeaseTerms terms, ulong seconds, ulong transferMiB)
    {
        var host = ((BigInteger)terms.HostRate * seconds) + ((BigInteger)terms.HostTransfer * transferMiB);
        var levied = ((BigInteger)terms.BaseRate * seconds) + ((BigInteger)terms.BaseTransfer * transferMiB);
        return new Charge(host * WeiPerGwei, levied * terms.RoyaltyBps * WeiPerGweiBasisPoint, levied * terms.FeeBps * WeiPerGweiBasisPoint);
    }

    public static Charge operator +(Charge a, Charge b) => new(a.Host + b.Host, a.Royalty + b.Royalty, a.Fee + b.Fee);

    public static Charge operator -(Charge a, Charge b) => new(a.Host - b.Host, a.Royalty - b.Royalty, a.Fee - b.Fee);
}
