using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Dweb.Core.Protocol.Sealing;

/// <summary>Labelled key derivation of RFC 9180, section 4: what is derived for one suite and purpose is of no use for another.</summary>
/// <param name="id">The suite's, as the RFC writes it.</param>
internal sealed class HpkeSuite(byte[] id)
{
    private const ushort X25519HkdfSha256 = 0x0020;
    private const ushort HkdfSha256 = 0x0001;
    private static readonly byte[] Version = "HPKE-v1"u8.ToArray();

    /// <summary>DHKEM(X25519, HKDF-SHA256).</summary>
    public static HpkeSuite Kem { get; } = new([.. "KEM"u8, .. Number(X25519HkdfSha256)]);

    /// <param name="aead">Its number in the RFC.</param>
    public static HpkeSuite Of(ushort aead) => new([.. "HPKE"u8, .. Number(X25519HkdfSha256), .. Number(HkdfSha256), .. Number(aead)]);

    public byte[] Extract(ReadOnlySpan<byte> salt, string label, ReadOnlySpan<byte> material)
    {
        byte[] labelled = [.. Version, .. id, .. Encoding.ASCII.GetBytes(label), .. material];
        byte[] key = HKDF.Extract(HashAlgorithmName.SHA256, labelled, salt.ToArray());
        CryptographicOperations.ZeroMemory(labelled);
        return key;
    }

    public byte[] Expand(byte[] key, string label, ReadOnlySpan<byte> info, int length) =>
        HKDF.Expand(HashAlgorithmName.SHA256, key, length, [.. Number((ushort)length), .. Version, .. id, .. Encoding.ASCII.GetBytes(label), .. info]);

    private static byte[] Number(ushort value)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
        return bytes;
    }
}
