using System.Collections.Concurrent;
using Azure;
using Azure.Storage.Blobs;
using Dweb.Core.Protocol;

namespace Dweb.Functions.Stores;

/// <summary>Canonical specs by their hash. A blob never changes once written, so what was read once stays in memory.</summary>
internal sealed class SpecStore(StorageAccount storage)
{
    private const int MostInMemory = 10_000;
    private readonly BlobContainerClient container = storage.Container("specs");
    private readonly ConcurrentDictionary<Hash32, string> known = new();

    public Task InitialiseAsync(CancellationToken cancellationToken) => container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);

    public async Task PutAsync(Hash32 hash, string spec, CancellationToken cancellationToken)
    {
        if (!known.ContainsKey(hash))
        {
            await container.GetBlobClient(Name(hash)).UploadAsync(BinaryData.FromString(spec), overwrite: true, cancellationToken);
            Remember(hash, spec);
        }
    }

    /// <returns>Null when this control plane does not have it; agents keep theirs.</returns>
    public async Task<string?> FindAsync(Hash32 hash, CancellationToken cancellationToken)
    {
        if (known.TryGetValue(hash, out string? spec))
        {
            return spec;
        }

        try
        {
            var blob = await container.GetBlobClient(Name(hash)).DownloadContentAsync(cancellationToken);
            return Remember(hash, blob.Value.Content.ToString());
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return null;
        }
    }

    private static string Name(Hash32 hash) => hash.ToString()[2..] + ".json";

    private string Remember(Hash32 hash, string spec)
    {
        if (known.Count < MostInMemory)
        {
            known[hash] = spec;
        }

        return spec;
    }
}
