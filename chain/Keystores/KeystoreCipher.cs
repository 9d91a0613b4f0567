using Dweb.Core.Protocol;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Parameters;

namespace Dweb.Chain.Keystores;

internal static class KeystoreCipher
{
    public const string Name = "aes-128-ctr";

    /// <summary>Encrypts or decrypts: in counter mode they are the same.</summary>
    public static byte[] Apply(byte[] derived, byte[] iv, byte[] input)
    {
        var cipher = new SicBlockCipher(new AesEngine());
        cipher.Init(forEncryption: true, new ParametersWithIV(new KeyParameter(derived, 0, 16), iv));
        var output = new byte[input.Length];
        for (int at = 0; at < input.Length; at += 16)
        {
            cipher.ProcessBlock(input, at, output, at);
        }

        return output;
    }

    /// <summary>keccak256 of the second half of the derived key and the ciphertext.</summary>
    public static byte[] Mac(byte[] derived, byte[] ciphertext) => Keccak256.Hash([.. derived.AsSpan(16, 16), .. ciphertext]).ToArray();
}
