using Dweb.Agent.Secrets;
using Dweb.Core.Manifest;
using Dweb.Core.Manifest.Secrets;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;

namespace Dweb.Agent.Reporting;

/// <summary>Puts specs that a control plane lacks into messages that it takes, each with its sealed secrets: without them it takes none.</summary>
internal static class SpecOffers
{
    // A control plane takes 4 MiB; in base64 three bytes are four.
    private const long MostBytes = 2 * 1024 * 1024;

    /// <param name="found">By their hashes.</param>
    /// <returns>Those that can be offered, in parts; one whose secrets are not here is in none.</returns>
    public static async IAsyncEnumerable<IReadOnlyDictionary<Hash32, (string Spec, byte[]? Bundle)>> PartsAsync(
        IReadOnlyDictionary<Hash32, string> found, SealedBundles bundles, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var part = new Dictionary<Hash32, (string Spec, byte[]? Bundle)>();
        long size = 0;
        foreach (var (hash, spec) in found)
        {
            var secrets = SecretsOf(spec);
            byte[]? bundle = secrets is null ? null : await bundles.FindKeptAsync(secrets.Bundle, cancellationToken);
            if (secrets is not null && bundle is null)
            {
                continue;
            }

            long more = spec.Length + (bundle?.Length ?? 0);
            if (part.Count > 0 && size + more > MostBytes)
            {
                yield return part;
                part = [];
                size = 0;
            }

            part[hash] = (spec, bundle);
            size += more;
        }

        if (part.Count > 0)
        {
            yield return part;
        }
    }

    public static SpecOffer ToOffer(IReadOnlyDictionary<Hash32, (string Spec, byte[]? Bundle)> part)
    {
        byte[][] bundles = [.. part.Values.Select(static one => one.Bundle).OfType<byte[]>()];
        return new SpecOffer([.. part.Values.Select(static one => one.Spec)]) { Bundles = bundles.Length > 0 ? bundles : null };
    }

    private static SecretsSpec? SecretsOf(string spec)
    {
        try
        {
            return ContainerSpec.FromCanonicalJson(System.Text.Encoding.UTF8.GetBytes(spec)).Secrets;
        }
        catch (System.Text.Json.JsonException)
        {
            // It is the signed one by its hash, and nothing that any agent runs.
            return null;
        }
    }
}
