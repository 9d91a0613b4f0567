using Azure;
using Azure.Storage.Blobs;
using Dweb.Core.Protocol;

namespace Dweb.Functions.Stores;

/// <summary>Sealed bundles of secrets by their hash: large, seldom read, and nothing that this control plane could open.</summary>
internal sealed class BundleStore(StorageAccount storage)
{
    private readonly BlobContainerClient container = storage.Container("secrets");

    public Task InitialiseAsync(CancellationToken cancellationToken) => container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);

    public Task PutAsync(Hash32 hash, byte[] bundle, CancellationToken cancellationToken) =>
        container.GetBlobClient(Name(hash)).UploadAsync(BinaryData.FromBytes(bundle), overwrite: true, cancellationToken);

    public async Task<bool> ContainsAsync(Hash32 hash, CancellationToken cancellationToken) =>
        await container.GetBlobClient(Name(hash)).ExistsAsync(cancellationToken);

    /// <returns>Null when this control plane does not have it; agents and users keep theirs.</returns>
    public async Task<byte[]?> FindAsync(Hash32 hash, CancellationToken cancellationToken)
    {
        try
        {
            return (await container.GetBlobClient(Name(hash)).DownloadContentAsync(cancellationToken)).Value.Content.ToArray();
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return null;
        }
    }

    private static string Name(Hash32 hash) => hash.ToString()[2..];
}
