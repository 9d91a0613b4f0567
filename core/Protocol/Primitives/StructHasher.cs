using System.Numerics;

namespace Dweb.Core.Protocol;

/// <summary>Writes the 32-byte words of an EIP-712 struct, or of an <c>abi.encode</c> of static values, and hashes them.</summary>
public sealed class StructHasher
{
    private readonly List<byte> words = [];

    public StructHasher Word(Hash32 value)
    {
        words.AddRange(value.ToArray());
        return this;
    }

    public StructHasher Word(EvmAddress value)
    {
        words.AddRange(new byte[12]);
        words.AddRange(value.ToArray());
        return this;
    }

    /// <exception cref="ArgumentOutOfRangeException">Negative, or wider than 256 bits.</exception>
    public StructHasher Word(BigInteger value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        int count = value.GetByteCount(isUnsigned: true);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 32, nameof(value));
        words.AddRange(new byte[32 - count]);
        words.AddRange(value.ToByteArray(isUnsigned: true, isBigEndian: true));
        return this;
    }

    public StructHasher Word(ulong value) => Word((BigInteger)value);

    public Hash32 Hash() => Keccak256.Hash(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(words));
}
