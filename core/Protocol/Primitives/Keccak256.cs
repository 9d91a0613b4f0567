using Org.BouncyCastle.Crypto.Digests;

namespace Dweb.Core.Protocol;

/// <summary>The hash of every id and every signed message: Keccak with a 256-bit digest and the original padding, as the EVM computes it.</summary>
public static class Keccak256
{
    public static Hash32 Hash(ReadOnlySpan<byte> data)
    {
        var digest = new KeccakDigest(256);
        digest.BlockUpdate(data);
        Span<byte> output = stackalloc byte[32];
        digest.DoFinal(output);
        return new Hash32(output);
    }

    /// <summary>Hash of the UTF-8 bytes of a string: type hashes, names.</summary>
    public static Hash32 Hash(string text) => Hash(System.Text.Encoding.UTF8.GetBytes(text));
}
