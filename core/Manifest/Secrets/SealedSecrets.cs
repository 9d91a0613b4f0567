using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Sealing;

namespace Dweb.Core.Manifest.Secrets;

/// <summary>A COE for which secrets are sealed.</summary>
/// <param name="Key">Its agent's sealing key.</param>
public sealed record SecretHost(Hash32 Coe, Hash32 Key);

/// <summary>
/// The contents of a service's secrets under a key of their own (AES-256-GCM), and that key under the sealing key of each COE. A bundle is a nonce of 12 bytes,
/// the contents and a tag of 16; the contents are, in the order of the files, each one's length in four bytes and the content.
/// </summary>
/// <param name="Spec">What goes into the spec that the user signs.</param>
/// <param name="Bundle">What travels beside it.</param>
public sealed record SealedSecrets(SecretsSpec Spec, byte[] Bundle)
{
    /// <summary>Bytes of a bundle at most.</summary>
    public const int MostBundleBytes = SecretsSpec.MostBytes + (SecretsSpec.MostFiles * LengthBytes) + NonceBytes + TagBytes;

    internal const int SealedKeyBytes = KeyBytes + Hpke.Overhead;

    private const int KeyBytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int LengthBytes = 4;
    private static readonly byte[] Purpose = "Dweb secrets 1"u8.ToArray();

    /// <param name="contents">By the name of the file.</param>
    /// <param name="hosts">Each COE once.</param>
    /// <param name="random">Gives so many unpredictable bytes.</param>
    /// <exception cref="ArgumentException">Names, sizes or hosts that no spec may have.</exception>
    /// <exception cref="CryptographicException">A host's key is no usable one.</exception>
    public static SealedSecrets Seal(IReadOnlyDictionary<string, byte[]> contents, IReadOnlyList<SecretHost> hosts, Func<int, byte[]> random)
    {
        string[] files = [.. contents.Keys.Order(StringComparer.Ordinal)];
        if (contents.Values.Sum(static content => (long)content.Length) > SecretsSpec.MostBytes)
        {
            throw new ArgumentException($"The secrets have more than {SecretsSpec.MostBytes} bytes.", nameof(contents));
        }

        byte[] key = random(KeyBytes);
        byte[] plaintext = Join(files.Select(file => contents[file]));
        byte[] bundle = Encrypt(key, random(NonceBytes), plaintext, AssociatedWith(files));
        var hash = Keccak256.Hash(bundle);
        var spec = new SecretsSpec(files, hash, [.. hosts.OrderBy(static host => host.Coe).Select(host =>
            new SecretKey(host.Coe, Hpke.Seal(host.Key, random(KeyBytes), Purpose, AssociatedWith(host.Coe, hash), key)))]);
        CryptographicOperations.ZeroMemory(key);
        CryptographicOperations.ZeroMemory(plaintext);
        return SecretRules.FindFault(spec, []) is { } fault ? throw new ArgumentException(fault, nameof(contents)) : new SealedSecrets(spec, bundle);
    }

    /// <summary>Opens them on one COE. The caller disposes of what was opened, which clears it.</summary>
    /// <exception cref="SecretException">Something of it does not fit; the field says what.</exception>
    public static OpenedSecrets Open(SecretsSpec spec, ReadOnlySpan<byte> bundle, Hash32 coe, SealingKeyPair own)
    {
        if (bundle.Length > MostBundleBytes)
        {
            throw new SecretException("secrets.bundle", $"it has {bundle.Length} bytes; {MostBundleBytes} are taken");
        }

        if (Keccak256.Hash(bundle) is var hash && hash != spec.Bundle)
        {
            throw new SecretException("secrets.bundle", $"the bundle hashes to {hash}; the user signed {spec.Bundle}");
        }

        int index = spec.Keys.TakeWhile(key => key.Coe != coe).Count();
        if (index == spec.Keys.Count)
        {
            throw new SecretException("secrets.keys", $"none of the {index} keys is for COE {coe}");
        }

        byte[] key = Hpke.Open(own, spec.Keys[index].Sealed, Purpose, AssociatedWith(coe, hash))
            ?? throw new SecretException($"secrets.keys[{index}].sealed", $"it was not sealed for this bundle and this agent's sealing key {own.PublicKey}");
        byte[]? plaintext = Decrypt(key, bundle, AssociatedWith(spec.Files));
        CryptographicOperations.ZeroMemory(key);

        // Hash and key are the right ones: what is left to be wrong are the names.
        return plaintext is null ? throw new SecretException("secrets.files", "the bundle was not sealed for files of these names") : new OpenedSecrets(Split(spec.Files, plaintext), plaintext);
    }

    private static byte[] Join(IEnumerable<byte[]> contents)
    {
        byte[][] all = [.. contents];
        var joined = new byte[all.Sum(static content => LengthBytes + content.Length)];
        int at = 0;
        foreach (byte[] content in all)
        {
            BinaryPrimitives.WriteInt32BigEndian(joined.AsSpan(at), content.Length);
            content.CopyTo(joined, at + LengthBytes);
            at += LengthBytes + content.Length;
        }

        return joined;
    }

    private static List<OpenedSecret> Split(IReadOnlyList<string> files, byte[] plaintext)
    {
        var opened = new List<OpenedSecret>();
        int at = 0;
        foreach (string file in files)
        {
            int length = plaintext.Length - at >= LengthBytes ? BinaryPrimitives.ReadInt32BigEndian(plaintext.AsSpan(at)) : -1;
            if (length < 0 || length > plaintext.Length - at - LengthBytes)
            {
                throw Misshapen(plaintext);
            }

            opened.Add(new OpenedSecret(file, plaintext.AsMemory(at + LengthBytes, length)));
            at += LengthBytes + length;
        }

        return at == plaintext.Length ? opened : throw Misshapen(plaintext);
    }

    private static SecretException Misshapen(byte[] plaintext)
    {
        CryptographicOperations.ZeroMemory(plaintext);
        return new SecretException("secrets.files", "the bundle does not hold one content for each file");
    }

    private static byte[] Encrypt(byte[] key, byte[] nonce, byte[] plaintext, byte[] associated)
    {
        using var cipher = new AesGcm(key, TagBytes);
        var bundle = new byte[NonceBytes + plaintext.Length + TagBytes];
        nonce.CopyTo(bundle, 0);
        cipher.Encrypt(nonce, plaintext, bundle.AsSpan(NonceBytes, plaintext.Length), bundle.AsSpan(NonceBytes + plaintext.Length), associated);
        return bundle;
    }

    private static byte[]? Decrypt(byte[] key, ReadOnlySpan<byte> bundle, byte[] associated)
    {
        int length = bundle.Length - NonceBytes - TagBytes;
        if (length < 0)
        {
            return null;
        }

        using var cipher = new AesGcm(key, TagBytes);
        var plaintext = new byte[length];
        try
        {
            cipher.Decrypt(bundle[..NonceBytes], bundle.Slice(NonceBytes, length), bundle[(NonceBytes + length)..], plaintext, associated);
            return plaintext;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    // No name has a line's end in it.
    private static byte[] AssociatedWith(IEnumerable<string> files) => [.. Purpose, .. Encoding.ASCII.GetBytes("\n" + string.Join('\n', files))];

    private static byte[] AssociatedWith(Hash32 coe, Hash32 bundle) => [.. coe.ToArray(), .. bundle.ToArray()];
}
