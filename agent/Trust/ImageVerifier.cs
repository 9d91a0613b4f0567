using System.Collections.Concurrent;
using Dweb.Core.Manifest;
using Dweb.Core.Protocol;

namespace Dweb.Agent.Trust;

/// <summary>Says whether an image is the one its NFT stands for. A manifest is read once: its digest never means other bytes.</summary>
internal sealed class ImageVerifier(RegistryClient registry)
{
    private const int MostKept = 4_096;

    private readonly ConcurrentDictionary<Hash32, ManifestAnnotations> verified = new();

    /// <returns>Null when the registry's manifest has the digest and agrees with the NFT.</returns>
    /// <exception cref="Core.Protocol.Errors.DwebException">The registry cannot be reached.</exception>
    public async Task<Refusal?> FindAsync(ContainerSpec spec, LeaseTicket ticket, CancellationToken cancellationToken)
    {
        if (!verified.TryGetValue(ticket.ImageDigest, out var annotations))
        {
            byte[] manifest = await registry.ReadManifestAsync(spec.Repository, ticket.ImageDigest, cancellationToken);
            if (ManifestCheck.Read(manifest, ticket.ImageDigest, out annotations) is { } refusal)
            {
                return refusal;
            }

            if (verified.Count >= MostKept)
            {
                verified.Clear();
            }

            verified[ticket.ImageDigest] = annotations!;
        }

        return ManifestCheck.Compare(annotations!, ticket);
    }
}
