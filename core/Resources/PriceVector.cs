using System.Numerics;

namespace Dweb.Core.Resources;

/// <summary>Prices in wei: per unit and second for CPU, memory, storage and bandwidth; per MiB for data transfer. Each below 2^128.</summary>
public readonly record struct PriceVector(UInt128 Cpu, UInt128 Memory, UInt128 Storage, UInt128 Bandwidth, UInt128 Transfer)
{
    /// <param name="index">0..4, in the order of the members.</param>
    public UInt128 this[int index] => index switch
    {
        0 => Cpu,
        1 => Memory,
        2 => Storage,
        3 => Bandwidth,
        4 => Transfer,
        _ => throw new ArgumentOutOfRangeException(nameof(index), index, "A vector has five prices."),
    };

    /// <summary>Wei per second for a reservation: the sum over the four resources that are reserved by the second.</summary>
    public BigInteger PerSecond(ResourceVector reserved) =>
        ((BigInteger)Cpu * reserved.Cpu) + ((BigInteger)Memory * reserved.Memory)
        + ((BigInteger)Storage * reserved.Storage) + ((BigInteger)Bandwidth * reserved.Bandwidth);

    public IReadOnlyList<BigInteger> ToList() => [Cpu, Memory, Storage, Bandwidth, Transfer];

    /// <exception cref="ArgumentException">Not five values.</exception>
    /// <exception cref="OverflowException">A value is negative or does not fit 128 bits.</exception>
    public static PriceVector FromList(IReadOnlyList<BigInteger> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return values.Count == ResourceVector.Count
            ? new((UInt128)values[0], (UInt128)values[1], (UInt128)values[2], (UInt128)values[3], (UInt128)values[4])
            : throw new ArgumentException($"A vector has {ResourceVector.Count} prices, not {values.Count}.", nameof(values));
    }
}
