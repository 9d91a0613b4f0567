using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Functions.Registry;

/// <summary>The key that signs registry tokens, and the certificate by which the registry knows it.</summary>
internal sealed class RegistryKey : IDisposable
{
    public const string KeyFileName = "registry.key.pem";
    public const string CertificateFileName = "registry.cert.pem";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly ECDsa key;

    private RegistryKey(ECDsa key, X509Certificate2 certificate)
    {
        this.key = key;
        Certificate = certificate;
    }

    public X509Certificate2 Certificate { get; }

    /// <summary>Reads the pair; makes it first when neither file is there.</summary>
    /// <exception cref="DwebException">One of them is missing, unreadable, or they are no pair.</exception>
    public static RegistryKey LoadOrCreate(string keyFile, string certificateFile, TimeProvider time)
    {
        if (!File.Exists(keyFile) && !File.Exists(certificateFile))
        {
            Create(keyFile, certificateFile, time);
        }

        try
        {
            var read = ECDsa.Create();
            read.ImportFromPem(File.ReadAllText(keyFile));
            var certificate = X509Certificate2.CreateFromPem(File.ReadAllText(certificateFile));
            using var certified = certificate.GetECDsaPublicKey();
            byte[] own = read.ExportSubjectPublicKeyInfo();
            return read.KeySize == 256 && certified is not null && own.AsSpan().SequenceEqual(certified.ExportSubjectPublicKeyInfo())
                ? new RegistryKey(read, certificate)
                : throw new CryptographicException("the certificate is not for this P-256 key");
        }
        catch (Exception unusable) when (unusable is IOException or CryptographicException or ArgumentException)
        {
            throw new DwebException(
                Catalogue.InvalidSetting, $"The registry's token key {keyFile} and certificate {certificateFile} cannot be used: {unusable.Message}", "Dweb__RegistryTokenKey", unusable);
        }
    }

    public byte[] Sign(ReadOnlySpan<byte> data) => key.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    public void Dispose()
    {
        key.Dispose();
        Certificate.Dispose();
    }

    private static void Create(string keyFile, string certificateFile, TimeProvider time)
    {
        using var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=dweb registry tokens", made, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        var now = time.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(10));
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(keyFile))!);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(certificateFile))!);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using (var writer = new StreamWriter(keyFile, options))
        {
            writer.Write(made.ExportPkcs8PrivateKeyPem());
        }

        File.WriteAllText(certificateFile, certificate.ExportCertificatePem());
    }
}
