using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Crypto.Generators;

namespace Dweb.Chain.Keystores;

/// <summary>From password to key. The parameters come from a file, so they are bounded before memory is taken.</summary>
internal static class KeystoreKdf
{
    public const int MaxScryptN = 1 << 20;

    // 128 · n · r bytes.
    private const long MaxScryptMemory = 1L << 30;
    private const int MaxIterations = 10_000_000;

    public static byte[] Derive(string? kdf, KeystoreKdfParameters? parameters, string password)
    {
        if (parameters is null)
        {
            throw Malformed("it has no 'kdfparams'");
        }

        if (parameters.DkLen is < 32 or > 1024)
        {
            throw Malformed($"dklen is {parameters.DkLen}");
        }

        byte[] salt = Hex(parameters.Salt, "salt");
        byte[] secret = Encoding.UTF8.GetBytes(password);
        return kdf switch
        {
            "scrypt" => Scrypt(parameters, secret, salt),
            "pbkdf2" => Pbkdf2(parameters, secret, salt),
            _ => throw new KeystoreException(KeystoreFault.Unsupported, $"its key derivation is '{kdf}', neither scrypt nor pbkdf2"),
        };
    }

    public static byte[] Hex(string? text, string name)
    {
        string digits = text is not null && text.StartsWith("0x", StringComparison.Ordinal) ? text[2..] : text ?? throw Malformed($"it has no '{name}'");
        return digits.Length % 2 == 0 && digits.All(char.IsAsciiHexDigit) ? Convert.FromHexString(digits) : throw Malformed($"'{name}' is not hexadecimal");
    }

    private static byte[] Scrypt(KeystoreKdfParameters parameters, byte[] secret, byte[] salt)
    {
        (int n, int r, int p) = (parameters.N ?? 0, parameters.R ?? 0, parameters.P ?? 0);
        if (n is < 2 or > MaxScryptN || !int.IsPow2(n) || r is < 1 or > 1024 || p is < 1 or > 64 || 128L * n * r > MaxScryptMemory)
        {
            throw Malformed($"scrypt with n = {n}, r = {r}, p = {p} is out of range");
        }

        return r == 1 ? SmallBlockScrypt.Generate(secret, salt, n, p, parameters.DkLen) : SCrypt.Generate(secret, salt, n, r, p, parameters.DkLen);
    }

    private static byte[] Pbkdf2(KeystoreKdfParameters parameters, byte[] secret, byte[] salt)
    {
        if (parameters.Prf != "hmac-sha256")
        {
            throw new KeystoreException(KeystoreFault.Unsupported, $"its pbkdf2 uses '{parameters.Prf}', not hmac-sha256");
        }

        int rounds = parameters.C ?? 0;
        return rounds is >= 1 and <= MaxIterations
            ? Rfc2898DeriveBytes.Pbkdf2(secret, salt, rounds, HashAlgorithmName.SHA256, parameters.DkLen)
            : throw Malformed($"pbkdf2 with c = {rounds} is out of range");
    }

    private static KeystoreException Malformed(string reason) => new(KeystoreFault.Malformed, reason);
}
