using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Dweb.Chain.Keystores;

/// <summary>
/// scrypt (RFC 7914) with a block size of r = 1 and any cost. The keystores of some wallets use r = 1 with n = 2^18, which
/// the RFC advises against and BouncyCastle therefore refuses; everything else goes through BouncyCastle.
/// </summary>
internal static class SmallBlockScrypt
{
    private const int BlockWords = 32;
    private const int BlockBytes = BlockWords * sizeof(uint);

    public static byte[] Generate(byte[] secret, byte[] salt, int n, int p, int length)
    {
        byte[] blocks = Rfc2898DeriveBytes.Pbkdf2(secret, salt, 1, HashAlgorithmName.SHA256, p * BlockBytes);
        uint[] history = new uint[n * BlockWords];
        for (int i = 0; i < p; i++)
        {
            Mix(blocks.AsSpan(i * BlockBytes, BlockBytes), history, n);
        }

        return Rfc2898DeriveBytes.Pbkdf2(secret, blocks, 1, HashAlgorithmName.SHA256, length);
    }

    /// <summary>Fills the memory with successive states, then walks over it in an order that each state decides.</summary>
    private static void Mix(Span<byte> block, uint[] history, int n)
    {
        Span<uint> state = stackalloc uint[BlockWords];
        Convert(block, state);
        for (int i = 0; i < n; i++)
        {
            state.CopyTo(history.AsSpan(i * BlockWords));
            MixBlock(state);
        }

        for (int i = 0; i < n; i++)
        {
            int index = (int)(state[16] & (uint)(n - 1));
            Xor(state, history.AsSpan(index * BlockWords, BlockWords));
            MixBlock(state);
        }

        Convert(state, block);
    }

    /// <summary>The two halves of 64 bytes: each is mixed with the one before it. For r = 1 their order stays.</summary>
    private static void MixBlock(Span<uint> state)
    {
        var first = state[..16];
        var second = state[16..];
        Xor(first, second);
        Salsa8(first);
        Xor(second, first);
        Salsa8(second);
    }

    private static void Salsa8(Span<uint> block)
    {
        Span<uint> x = stackalloc uint[16];
        block.CopyTo(x);
        for (int round = 0; round < 4; round++)
        {
            Quarter(x, 0, 4, 8, 12);
            Quarter(x, 5, 9, 13, 1);
            Quarter(x, 10, 14, 2, 6);
            Quarter(x, 15, 3, 7, 11);
            Quarter(x, 0, 1, 2, 3);
            Quarter(x, 5, 6, 7, 4);
            Quarter(x, 10, 11, 8, 9);
            Quarter(x, 15, 12, 13, 14);
        }

        for (int i = 0; i < block.Length; i++)
        {
            block[i] += x[i];
        }
    }

    private static void Quarter(Span<uint> x, int a, int b, int c, int d)
    {
        x[b] ^= BitOperations.RotateLeft(x[a] + x[d], 7);
        x[c] ^= BitOperations.RotateLeft(x[b] + x[a], 9);
        x[d] ^= BitOperations.RotateLeft(x[c] + x[b], 13);
        x[a] ^= BitOperations.RotateLeft(x[d] + x[c], 18);
    }

    private static void Xor(Span<uint> target, ReadOnlySpan<uint> other)
    {
        for (int i = 0; i < target.Length; i++)
        {
            target[i] ^= other[i];
        }
    }

    private static void Convert(ReadOnlySpan<byte> bytes, Span<uint> words)
    {
        MemoryMarshal.Cast<byte, uint>(bytes).CopyTo(words);
        ToLittleEndian(words);
    }

    private static void Convert(Span<uint> words, Span<byte> bytes)
    {
        ToLittleEndian(words);
        MemoryMarshal.AsBytes(words).CopyTo(bytes);
    }

    private static void ToLittleEndian(Span<uint> words)
    {
        if (!BitConverter.IsLittleEndian)
        {
            BinaryPrimitives.ReverseEndianness(words, words);
        }
    }
}
