using System.Diagnostics;
using System.Security.Cryptography;
using Org.BouncyCastle.Math.EC.Rfc7748;

namespace Dweb.Core.Protocol.Sealing;

/// <summary>An X25519 key (RFC 7748) for which others seal. Its private half never leaves it.</summary>
[DebuggerDisplay("{PublicKey}")]
public sealed class SealingKeyPair : IDisposable
{
    private const int KeyBytes = 32;
    private static readonly byte[] Purpose = "Dweb sealing key 1"u8.ToArray();

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly byte[] secret;

    /// <param name="bytes">32 bytes of whatever value.</param>
    /// <exception cref="ArgumentException">Another length.</exception>
    public SealingKeyPair(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != KeyBytes)
        {
            throw new ArgumentException($"A sealing key has {KeyBytes} bytes, not {bytes.Length}.", nameof(bytes));
        }

        secret = bytes.ToArray();
        var point = new byte[KeyBytes];
        X25519.GeneratePublicKey(secret, 0, point, 0);
        PublicKey = new Hash32(point);
    }

    public Hash32 PublicKey { get; }

    /// <summary>That of an agent, which follows from its key: there is nothing more to keep, and nothing more to lose.</summary>
    /// <param name="agentKey">The agent's private key, 32 bytes; the caller clears it.</param>
    public static SealingKeyPair OfAgent(byte[] agentKey)
    {
        byte[] derived = HKDF.DeriveKey(HashAlgorithmName.SHA256, agentKey, KeyBytes, salt: [], info: Purpose);
        var pair = new SealingKeyPair(derived);
        CryptographicOperations.ZeroMemory(derived);
        return pair;
    }

    public override string ToString() => PublicKey.ToString();

    public void Dispose() => CryptographicOperations.ZeroMemory(secret);

    /// <exception cref="CryptographicException">The other key is of small order: anybody would know what is agreed upon.</exception>
    internal byte[] Agree(Hash32 other)
    {
        var agreed = new byte[KeyBytes];
        return X25519.CalculateAgreement(secret, 0, other.ToArray(), 0, agreed, 0)
            ? agreed
            : throw new CryptographicException("The public key is of small order.");
    }
}
