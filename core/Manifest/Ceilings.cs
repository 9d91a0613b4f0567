using System.Numerics;
using Dweb.Core.Resources;

namespace Dweb.Core.Manifest;

/// <summary>Ceilings for a user who names none.</summary>
public static class Ceilings
{
    /// <summary>Accepts any price; for asking what an order would cost, not for signing.</summary>
    public static PriceVector Unlimited { get; } = new(UInt128.MaxValue, UInt128.MaxValue, UInt128.MaxValue, UInt128.MaxValue, UInt128.MaxValue);

    /// <summary>
    /// For each resource the dearest of the asks and the reference price, raised by a margin so that a small move of an ask does not strand the
    /// order, and so that a lease may fail over to another COE.
    /// </summary>
    /// <param name="asks">Of the COEs that a quote would use, or of all that the user would accept.</param>
    /// <param name="marginBps">Basis points; 2,000 are 20 %.</param>
    public static PriceVector From(IEnumerable<PriceVector> asks, PriceVector reference, uint marginBps)
    {
        var dearest = reference.ToList().ToArray();
        foreach (var ask in asks)
        {
            for (int i = 0; i < dearest.Length; i++)
            {
                dearest[i] = BigInteger.Max(dearest[i], ask[i]);
            }
        }

        return PriceVector.FromList([.. dearest.Select(price => BigInteger.Min(Raise(price, marginBps), (BigInteger)UInt128.MaxValue))]);
    }

    private static BigInteger Raise(BigInteger price, uint marginBps) => ((price * (10_000 + marginBps)) + 9_999) / 10_000;
}
