using System.Diagnostics;
using System.Security.Cryptography;
using Dweb.Core.Protocol;
using Org.BouncyCastle.Math;

namespace Dweb.Chain.Signing;

/// <summary>
/// A secp256k1 key. Its bytes leave only through <see cref="ExportBytes"/>: text, debugger and logs show the address.
/// </summary>
[DebuggerDisplay("{Address}")]
public sealed class PrivateKey : ISigner
{
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly BigInteger scalar;

    /// <param name="bytes">32 bytes, most significant first, between 1 and the group's order - 1.</param>
    /// <exception cref="ArgumentException">Another length, zero, or not below the order.</exception>
    public PrivateKey(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != 32)
        {
            throw new ArgumentException($"A private key has 32 bytes, not {bytes.Length}.", nameof(bytes));
        }

        scalar = new BigInteger(1, bytes);
        if (scalar.SignValue == 0 || scalar.CompareTo(Secp256k1.Order) >= 0)
        {
            throw new ArgumentException("The private key is outside the range of the curve.", nameof(bytes));
        }

        Address = Secp256k1.AddressOf(Secp256k1.Generator.Multiply(scalar));
    }

    public EvmAddress Address { get; }

    /// <summary>A new key from the operating system's random source.</summary>
    public static PrivateKey Create()
    {
        Span<byte> bytes = stackalloc byte[32];
        do
        {
            RandomNumberGenerator.Fill(bytes);
        }
        while (!Secp256k1.IsScalar(bytes));
        return new PrivateKey(bytes);
    }

    /// <summary>Reads 64 hexadecimal digits, with or without 0x.</summary>
    /// <exception cref="FormatException">Anything else; the text is not repeated in the message.</exception>
    public static PrivateKey Parse(string hex)
    {
        string digits = hex.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? hex[2..] : hex;
        if (digits.Length != 64 || !digits.All(char.IsAsciiHexDigit))
        {
            throw new FormatException("A private key is 64 hexadecimal digits.");
        }

        return new PrivateKey(Convert.FromHexString(digits));
    }

    /// <summary>Deterministic (RFC 6979), s in the lower half, v 27 or 28.</summary>
    public EvmSignature SignDigest(Hash32 digest) => Secp256k1.Sign(scalar, digest);

    EvmSignature ISigner.Sign(Hash32 digest) => SignDigest(digest);

    /// <summary>The secret itself, for a keystore or a key file. The caller clears it.</summary>
    public byte[] ExportBytes() => Secp256k1.ToBytes(scalar);

    public override string ToString() => Address.ToString();
}
