using System.Security.Cryptography;
using Azure;
using Azure.Storage.Blobs.Models;
using Dweb.Functions.Stores;

namespace Dweb.Functions.Identity;

/// <summary>A secret of the control plane in its storage, made once, shared by all its processes. Losing it logs everybody out and nothing else.</summary>
internal sealed class ServerKey(StorageAccount storage)
{
    private const int Size = 32;
    private byte[] key = [];

    public async Task InitialiseAsync(CancellationToken cancellationToken)
    {
        var container = storage.Container("keys");
        await container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        var blob = container.GetBlobClient("login");
        try
        {
            var created = BinaryData.FromBytes(RandomNumberGenerator.GetBytes(Size));
            await blob.UploadAsync(created, new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } }, cancellationToken);
        }
        catch (RequestFailedException exists) when (exists.Status is 409 or 412)
        {
            // Made before, by this process's ancestor or by a sibling.
        }

        key = (await blob.DownloadContentAsync(cancellationToken)).Value.Content.ToArray();
    }

    /// <param name="purpose">Keeps signatures made for one use from being taken for another.</param>
    public byte[] Sign(string purpose, string text) => HMACSHA256.HashData(key, System.Text.Encoding.UTF8.GetBytes(purpose + "\n" + text));

    public bool Verify(string purpose, string text, ReadOnlySpan<byte> signature) => CryptographicOperations.FixedTimeEquals(Sign(purpose, text), signature);
}
