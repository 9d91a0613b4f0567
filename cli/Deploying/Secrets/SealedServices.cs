using System.Security.Cryptography;
using Dweb.Core.Manifest;
using Dweb.Core.Manifest.Secrets;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Cli.Deploying.Secrets;

/// <summary>The secrets of all services of a deployment, each service's under a key of its own: who runs one cannot open those of another.</summary>
/// <param name="Specs">By the service's name.</param>
/// <param name="Bundles">In the order of the services that have some.</param>
internal sealed record SealedServices(IReadOnlyDictionary<string, SecretsSpec> Specs, IReadOnlyList<byte[]> Bundles)
{
    /// <param name="contents">By the secret's name.</param>
    /// <param name="hosts">By the service's name.</param>
    /// <exception cref="DwebException">A COE has signed a key that is none.</exception>
    public static SealedServices Seal(
        Deployment deployment, IReadOnlyDictionary<string, byte[]> contents, IReadOnlyDictionary<string, IReadOnlyList<SecretCandidate>> hosts)
    {
        var specs = new Dictionary<string, SecretsSpec>(StringComparer.Ordinal);
        var bundles = new List<byte[]>();
        foreach (var service in deployment.Services.Where(static service => service.Secrets.Count > 0))
        {
            var made = Seal(service, contents, hosts[service.Name]);
            specs[service.Name] = made.Spec;
            bundles.Add(made.Bundle);
        }

        return new SealedServices(specs, bundles);
    }

    private static SealedSecrets Seal(ServicePlan service, IReadOnlyDictionary<string, byte[]> contents, IReadOnlyList<SecretCandidate> hosts)
    {
        try
        {
            return SealedSecrets.Seal(
                service.Secrets.ToDictionary(static use => use.File, use => contents[use.Source], StringComparer.Ordinal),
                [.. hosts.Select(static candidate => candidate.Host)], RandomNumberGenerator.GetBytes);
        }
        catch (CryptographicException weak)
        {
            throw new DwebException(
                Catalogue.SecretsNoHost, $"One of {string.Join(", ", hosts.Select(static candidate => candidate.Name))} has signed a sealing key that is none: {weak.Message} Leave it out with --secret-host.",
                $"services.{service.Name}.secrets", weak);
        }
    }
}
