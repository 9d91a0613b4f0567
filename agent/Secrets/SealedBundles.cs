using Dweb.Agent.ControlPlane;
using Dweb.Agent.Loops;
using Dweb.Agent.State;
using Dweb.Core.Manifest.Secrets;
using Dweb.Core.Protocol;

namespace Dweb.Agent.Secrets;

/// <summary>
/// Sealed secrets of this agent's leases, a file each: a restarted machine opens them again without asking anybody, and a control plane that was wiped gets
/// them back. Without the agent's key they are of no use.
/// </summary>
/// <param name="folder">Made by the agent.</param>
/// <param name="planes">Asked in turn for what is not here.</param>
internal sealed class SealedBundles(string folder, IReadOnlyList<ControlPlaneLink> planes)
{
    private const string Extension = ".sealed";

    /// <summary>Leases that have some.</summary>
    public IReadOnlyList<Hash32> List() => !Directory.Exists(folder) ? [] :
    [
        .. Directory.EnumerateFiles(folder, "0x*" + Extension).Select(static file => Hash32.TryParse(Path.GetFileName(file).Split('-')[0], out var lease) ? lease : (Hash32?)null)
            .OfType<Hash32>().Distinct(),
    ];

    /// <returns>The bundle, kept for the next time; or why there is none.</returns>
    public async Task<(byte[]? Bundle, string? Why)> FindAsync(Hash32 lease, SecretsSpec secrets, CancellationToken cancellationToken)
    {
        if (await ReadAsync(FileOf(lease, secrets.Bundle), secrets.Bundle, cancellationToken) is { } kept)
        {
            return (kept, null);
        }

        string why = "no control plane was asked";
        foreach (var plane in planes)
        {
            try
            {
                byte[] given = await plane.Client.FetchSecretsAsync(secrets.Bundle, cancellationToken);
                var hash = Keccak256.Hash(given);
                if (hash == secrets.Bundle && given.Length <= SealedSecrets.MostBundleBytes)
                {
                    await KeepAsync(FileOf(lease, secrets.Bundle), given, cancellationToken);
                    return (given, null);
                }

                why = hash == secrets.Bundle ? $"the bundle has {given.Length} bytes, and {SealedSecrets.MostBundleBytes} are taken"
                    : $"{plane.Address} gave a bundle that hashes to {hash}; the user signed {secrets.Bundle}";
            }
            catch (ControlPlaneException failure)
            {
                // Another one may have it; what the last one said is told.
                why = failure.Message;
            }
        }

        return (null, why);
    }

    /// <returns>One that is here, whichever lease it is kept for; null for none.</returns>
    public async Task<byte[]?> FindKeptAsync(Hash32 bundle, CancellationToken cancellationToken)
    {
        foreach (string file in Directory.Exists(folder) ? Directory.GetFiles(folder, $"0x*-{bundle}{Extension}") : [])
        {
            if (await ReadAsync(file, bundle, cancellationToken) is { } kept)
            {
                return kept;
            }
        }

        return null;
    }

    /// <summary>Deletes those of a lease; what is gone is left alone.</summary>
    public void Remove(Hash32 lease)
    {
        string[] kept = Directory.Exists(folder) ? Directory.GetFiles(folder, $"{lease}-*") : [];
        if (kept.Length == 0)
        {
            return;
        }

        using var step = DurableSteps.Try(DurableStep.SealedSecretsRemoved);
        foreach (string file in kept)
        {
            File.Delete(file);
        }
    }

    private async Task KeepAsync(string file, byte[] bundle, CancellationToken cancellationToken)
    {
        using var step = DurableSteps.Try(DurableStep.SealedSecretsKept);
        Directory.CreateDirectory(folder);
        await AtomicFile.WriteAsync(file, bundle, cancellationToken);
    }

    // One that is damaged is as good as none: it is fetched again.
    private static async Task<byte[]?> ReadAsync(string file, Hash32 bundle, CancellationToken cancellationToken)
    {
        if (!File.Exists(file))
        {
            return null;
        }

        byte[] kept = await File.ReadAllBytesAsync(file, cancellationToken);
        return Keccak256.Hash(kept) == bundle ? kept : null;
    }

    private string FileOf(Hash32 lease, Hash32 bundle) => Path.Combine(folder, $"{lease}-{bundle}{Extension}");
}
