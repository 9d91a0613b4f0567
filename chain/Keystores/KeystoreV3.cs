using System.Security.Cryptography;
using System.Text.Json;
using Dweb.Chain.Signing;

namespace Dweb.Chain.Keystores;

/// <summary>How hard scrypt makes guessing a password.</summary>
/// <param name="N">Cost of scrypt, a power of two from 2 to 2^20; memory is N × 1 KiB.</param>
public readonly record struct KeystoreStrength(int N)
{
    /// <summary>About a second and 256 MiB: for keys that hold money.</summary>
    public static KeystoreStrength Standard { get; } = new(262_144);

    /// <summary>A few milliseconds: for keys of test chains.</summary>
    public static KeystoreStrength Light { get; } = new(4_096);
}

/// <summary>A private key under a password, in the Web3 Secret Storage format, version 3, that other wallets read too.</summary>
public static class KeystoreV3
{
    /// <returns>The keystore's JSON text.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The strength is not a power of two from 2 to 2^20.</exception>
    public static string Encrypt(PrivateKey key, string password, KeystoreStrength strength)
    {
        if (strength.N is < 2 or > KeystoreKdf.MaxScryptN || !int.IsPow2(strength.N))
        {
            throw new ArgumentOutOfRangeException(nameof(strength), strength.N, "scrypt's n is a power of two from 2 to 2^20.");
        }

        byte[] salt = RandomNumberGenerator.GetBytes(32);
        byte[] iv = RandomNumberGenerator.GetBytes(16);
        var kdf = new KeystoreKdfParameters { DkLen = 32, N = strength.N, R = 8, P = 1, Salt = Convert.ToHexStringLower(salt) };
        byte[] derived = KeystoreKdf.Derive("scrypt", kdf, password);
        byte[] secret = key.ExportBytes();
        byte[] ciphertext = KeystoreCipher.Apply(derived, iv, secret);
        CryptographicOperations.ZeroMemory(secret);
        var file = new KeystoreFile
        {
            Version = 3,
            Id = Guid.NewGuid().ToString(),
            Address = Convert.ToHexStringLower(key.Address.ToArray()),
            Crypto = new KeystoreCrypto
            {
                Cipher = KeystoreCipher.Name,
                CipherText = Convert.ToHexStringLower(ciphertext),
                CipherParams = new KeystoreCipherParameters { Iv = Convert.ToHexStringLower(iv) },
                Kdf = "scrypt",
                KdfParams = kdf,
                Mac = Convert.ToHexStringLower(KeystoreCipher.Mac(derived, ciphertext)),
            },
        };
        return JsonSerializer.Serialize(file, KeystoreJson.Default.KeystoreFile);
    }

    /// <exception cref="KeystoreException">The password is wrong, or the text is no keystore that can be read; see its reason.</exception>
    public static PrivateKey Decrypt(string json, string password)
    {
        var crypto = Parse(json).Crypto ?? throw new KeystoreException(KeystoreFault.Malformed, "it has no 'crypto'");
        if (crypto.Cipher != KeystoreCipher.Name)
        {
            throw new KeystoreException(KeystoreFault.Unsupported, $"its cipher is '{crypto.Cipher}', not {KeystoreCipher.Name}");
        }

        byte[] ciphertext = KeystoreKdf.Hex(crypto.CipherText, "ciphertext");
        byte[] iv = KeystoreKdf.Hex(crypto.CipherParams?.Iv, "iv");
        if (ciphertext.Length != 32 || iv.Length != 16)
        {
            throw new KeystoreException(KeystoreFault.Malformed, "its ciphertext or iv has a wrong length");
        }

        byte[] derived = KeystoreKdf.Derive(crypto.Kdf, crypto.KdfParams, password);
        if (!CryptographicOperations.FixedTimeEquals(KeystoreCipher.Mac(derived, ciphertext), KeystoreKdf.Hex(crypto.Mac, "mac")))
        {
            throw new KeystoreException(KeystoreFault.WrongPassword, "the password does not open it");
        }

        return ReadKey(KeystoreCipher.Apply(derived, iv, ciphertext));
    }

    private static PrivateKey ReadKey(byte[] secret)
    {
        try
        {
            return new PrivateKey(secret);
        }
        catch (ArgumentException)
        {
            throw new KeystoreException(KeystoreFault.Malformed, "what it holds is no key of the curve");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    private static KeystoreFile Parse(string json)
    {
        KeystoreFile? file;
        try
        {
            file = JsonSerializer.Deserialize(json, KeystoreJson.Default.KeystoreFile);
        }
        catch (JsonException failure)
        {
            throw new KeystoreException(KeystoreFault.Malformed, "it is not the JSON of a keystore", failure);
        }

        return file?.Version switch
        {
            3 => file,
            null => throw new KeystoreException(KeystoreFault.Malformed, "it is not the JSON of a keystore"),
            var other => throw new KeystoreException(KeystoreFault.Unsupported, $"its version is {other}, not 3"),
        };
    }
}
