using System.Security.Cryptography;

namespace Dweb.Core.Protocol.Sealing;

/// <param name="Id">Its number in RFC 9180.</param>
internal sealed record HpkeAead(ushort Id, int KeyBytes)
{
    public static HpkeAead Aes256 { get; } = new(0x0002, 32);
}

/// <summary>Key and nonce of one message. It seals or opens the first of a context and no other.</summary>
internal sealed class HpkeContext : IDisposable
{
    private const byte BaseMode = 0;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int SecretBytes = 32;

    private HpkeContext(byte[] key, byte[] nonce)
    {
        Key = key;
        Nonce = nonce;
    }

    public byte[] Key { get; }

    public byte[] Nonce { get; }

    /// <exception cref="CryptographicException">The other key is of small order.</exception>
    public static byte[] SharedSecret(SealingKeyPair own, Hash32 other, byte[] encapsulated, Hash32 recipient)
    {
        byte[] agreed = own.Agree(other);
        byte[] pseudorandom = HpkeSuite.Kem.Extract([], "eae_prk", agreed);
        CryptographicOperations.ZeroMemory(agreed);
        return HpkeSuite.Kem.Expand(pseudorandom, "shared_secret", [.. encapsulated, .. recipient.ToArray()], SecretBytes);
    }

    public static HpkeContext Of(byte[] sharedSecret, ReadOnlySpan<byte> info, HpkeAead aead)
    {
        var suite = HpkeSuite.Of(aead.Id);
        byte[] context = [BaseMode, .. suite.Extract([], "psk_id_hash", []), .. suite.Extract([], "info_hash", info)];
        byte[] secret = suite.Extract(sharedSecret, "secret", []);
        CryptographicOperations.ZeroMemory(sharedSecret);
        return new HpkeContext(suite.Expand(secret, "key", context, aead.KeyBytes), suite.Expand(secret, "base_nonce", context, NonceBytes));
    }

    public byte[] Seal(ReadOnlySpan<byte> associated, ReadOnlySpan<byte> plaintext)
    {
        using var cipher = new AesGcm(Key, TagBytes);
        var message = new byte[plaintext.Length + TagBytes];
        cipher.Encrypt(Nonce, plaintext, message.AsSpan(0, plaintext.Length), message.AsSpan(plaintext.Length), associated);
        return message;
    }

    /// <exception cref="CryptographicException">It was changed, or sealed otherwise.</exception>
    public byte[] Open(ReadOnlySpan<byte> associated, ReadOnlySpan<byte> message)
    {
        using var cipher = new AesGcm(Key, TagBytes);
        var plaintext = new byte[message.Length - TagBytes];
        cipher.Decrypt(Nonce, message[..plaintext.Length], message[plaintext.Length..], plaintext, associated);
        return plaintext;
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(Key);
}
