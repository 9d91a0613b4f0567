using System.Security.Cryptography;

namespace Dweb.Core.Protocol.Sealing;

/// <summary>
/// HPKE (RFC 9180), base mode, one message a context: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and AES-256-GCM. Whoever has a public key can seal for it;
/// only its private key opens.
/// </summary>
public static class Hpke
{
    /// <summary>Bytes that a sealed message is longer than what it holds: an encapsulated key before it, a tag behind.</summary>
    public const int Overhead = EncapsulatedBytes + TagBytes;

    private const int EncapsulatedBytes = 32;
    private const int TagBytes = 16;

    /// <param name="ephemeral">32 random bytes, for this message alone.</param>
    /// <param name="info">What the message is for; whoever opens it gives the same.</param>
    /// <param name="associated">What belongs to the message and is not in it.</param>
    /// <exception cref="CryptographicException">The recipient's key is no usable one.</exception>
    public static byte[] Seal(Hash32 recipient, ReadOnlySpan<byte> ephemeral, ReadOnlySpan<byte> info, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> plaintext)
    {
        using var sender = new SealingKeyPair(ephemeral);
        byte[] encapsulated = sender.PublicKey.ToArray();
        using var context = HpkeContext.Of(HpkeContext.SharedSecret(sender, recipient, encapsulated, recipient), info, HpkeAead.Aes256);
        return [.. encapsulated, .. context.Seal(associated, plaintext)];
    }

    /// <returns>Null when it was not sealed for this key, info and associated data, or was changed since.</returns>
    public static byte[]? Open(SealingKeyPair recipient, ReadOnlySpan<byte> message, ReadOnlySpan<byte> info, ReadOnlySpan<byte> associated)
    {
        if (message.Length < Overhead)
        {
            return null;
        }

        byte[] encapsulated = message[..EncapsulatedBytes].ToArray();
        try
        {
            using var context = HpkeContext.Of(HpkeContext.SharedSecret(recipient, new Hash32(encapsulated), encapsulated, recipient.PublicKey), info, HpkeAead.Aes256);
            return context.Open(associated, message[EncapsulatedBytes..]);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
