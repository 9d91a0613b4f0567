using System.Numerics;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Resources;

namespace Dweb.Core.Metering;

/// <summary>
/// What of a lease's price is for which resource. The chain charges one rate a second; here it is divided by what each resource adds to it, so that
/// the parts add up to the rate to the last wei, whatever was rounded.
/// </summary>
public static class PriceShares
{
    private const int BySecond = 4;

    private static readonly string[] Names = ["cpu", "memory", "storage", "bandwidth", "transfer"];

    /// <param name="terms">As the ask locks them.</param>
    /// <returns>In the order of the resources; the four that are reserved by the second in wei a second, transfer for the whole allowance.</returns>
    public static IReadOnlyList<QuotedResource> Of(PriceVector ask, PriceVector reference, ResourceVector reserved, LeaseTerms terms)
    {
        var second = Charge.Of(terms, seconds: 1, transferMiB: 0);
        var transfer = Charge.Of(terms, seconds: 0, terms.AllowanceMiB);
        var asked = Weights(ask, reserved);

        // Royalty and fee come from the larger of ask and reference price.
        var levied = terms.BaseRate > terms.HostRate ? Weights(reference, reserved) : asked;
        var host = Divide(second.Host, asked);
        var royalty = Divide(second.Royalty, levied);
        var fee = Divide(second.Fee, levied);
        return
        [
            .. Enumerable.Range(0, BySecond).Select(i => new QuotedResource(Names[i], reserved[i], ask[i], host[i], royalty[i], fee[i])),
            new QuotedResource(Names[BySecond], reserved.Transfer, ask.Transfer, transfer.Host, transfer.Royalty, transfer.Fee),
        ];
    }

    private static BigInteger[] Weights(PriceVector prices, ResourceVector reserved)
    {
        BigInteger[] weights = [.. Enumerable.Range(0, BySecond).Select(i => (BigInteger)prices[i] * reserved[i])];

        // Where nothing is asked the least rate is still charged; it is for the CPU then.
        return weights.All(static weight => weight.IsZero) ? [BigInteger.One, BigInteger.Zero, BigInteger.Zero, BigInteger.Zero] : weights;
    }

    /// <summary>By what is left of amount and weights, so that the last one takes the rest.</summary>
    private static BigInteger[] Divide(BigInteger amount, BigInteger[] weights)
    {
        var parts = new BigInteger[weights.Length];
        var left = weights.Aggregate(BigInteger.Zero, static (sum, weight) => sum + weight);
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i] = left.IsZero ? BigInteger.Zero : amount * weights[i] / left;
            amount -= parts[i];
            left -= weights[i];
        }

        return parts;
    }
}
