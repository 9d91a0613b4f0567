namespace Dweb.Core.Resources;

/// <summary>
/// Five resources: CPU in mCPU, memory in MiB, storage in MiB, bandwidth in Mbit/s, and data transfer, a stock in GiB for a whole lease.
/// The order is the one that the chain uses.
/// </summary>
public readonly record struct ResourceVector(ulong Cpu, ulong Memory, ulong Storage, ulong Bandwidth, ulong Transfer)
{
    public const int Count = 5;

    public static ResourceVector Zero => default;

    /// <param name="index">0..4, in the order of the members.</param>
    public ulong this[int index] => index switch
    {
        0 => Cpu,
        1 => Memory,
        2 => Storage,
        3 => Bandwidth,
        4 => Transfer,
        _ => throw new ArgumentOutOfRangeException(nameof(index), index, "A vector has five resources."),
    };

    /// <summary>True when every resource of this vector is at most the other's.</summary>
    public bool FitsIn(ResourceVector other) =>
        Cpu <= other.Cpu && Memory <= other.Memory && Storage <= other.Storage && Bandwidth <= other.Bandwidth && Transfer <= other.Transfer;

    /// <exception cref="OverflowException">A sum does not fit 64 bits.</exception>
    public static ResourceVector operator +(ResourceVector a, ResourceVector b) => checked(
        new(a.Cpu + b.Cpu, a.Memory + b.Memory, a.Storage + b.Storage, a.Bandwidth + b.Bandwidth, a.Transfer + b.Transfer));

    /// <exception cref="OverflowException">A difference is negative.</exception>
    public static ResourceVector operator -(ResourceVector a, ResourceVector b) => checked(
        new(a.Cpu - b.Cpu, a.Memory - b.Memory, a.Storage - b.Storage, a.Bandwidth - b.Bandwidth, a.Transfer - b.Transfer));

    public IReadOnlyList<ulong> ToList() => [Cpu, Memory, Storage, Bandwidth, Transfer];

    /// <exception cref="ArgumentException">Not five values.</exception>
    public static ResourceVector FromList(IReadOnlyList<ulong> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return values.Count == Count
            ? new(values[0], values[1], values[2], values[3], values[4])
            : throw new ArgumentException($"A vector has {Count} resources, not {values.Count}.", nameof(values));
    }
}
