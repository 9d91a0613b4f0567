using System.Numerics;

namespace Dweb.Core.Metering;

/// <summary>
/// How a node of the royalty graph divides what it has ever received over its edges. Computed on the cumulative amount, so that pulls may come in
/// any order and any number: each share only ever rises, and the shares always add up to the whole.
/// </summary>
public static class RoyaltySplit
{
    /// <param name="received">Wei that the node has received in all; not negative.</param>
    /// <param name="weights">One an edge, at least 1 each, in the order of the edges.</param>
    /// <exception cref="ArgumentException">No edge, a weight of 0, or a negative amount.</exception>
    public static IReadOnlyList<BigInteger> Shares(BigInteger received, IReadOnlyList<ushort> weights)
    {
        if (received.Sign < 0 || weights.Count == 0 || weights.Contains((ushort)0))
        {
            throw new ArgumentException("A split needs an amount, and weights of at least 1.", nameof(weights));
        }

        var shares = new BigInteger[weights.Count];
        var rest = received;
        long restOfWeights = weights.Sum(static weight => (long)weight);
        for (int i = 0; i < shares.Length; i++)
        {
            shares[i] = rest * weights[i] / restOfWeights;
            rest -= shares[i];
            restOfWeights -= weights[i];
        }

        return shares;
    }
}
