using System.Collections.Concurrent;
using Dweb.Agent.Runtimes;
using Microsoft.Extensions.Logging;

namespace Dweb.Agent.Images;

/// <summary>
/// Keeps images that leases had, for the next ones, within a budget: what was used longest ago goes first, and never what a container or a launch needs. What was
/// not used since the agent started counts as used before all that was.
/// </summary>
/// <param name="registry">Host and port; images of others are not the agent's to remove.</param>
/// <param name="budget">Bytes.</param>
internal sealed partial class ImageCache(IContainerRuntime runtime, string registry, long budget, TimeProvider time, ILogger<ImageCache> log)
{
    private readonly ConcurrentDictionary<string, long> uses = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> holders = new(StringComparer.Ordinal);

    /// <summary>A launch needs the image until the result is disposed of: after that its container does.</summary>
    public IDisposable Hold(string reference)
    {
        holders.AddOrUpdate(reference, 1, static (_, count) => count + 1);
        uses[reference] = time.GetTimestamp();
        return new Holding(this, reference);
    }

    /// <summary>Removes images until the rest is within the budget, or all that is left is needed.</summary>
    /// <exception cref="RuntimeException">The engine does not answer.</exception>
    public async Task TrimAsync(CancellationToken cancellationToken)
    {
        var images = await runtime.ListImagesAsync(registry, cancellationToken);
        long total = images.Sum(static image => image.Bytes);
        foreach (var image in images.OrderBy(image => uses.GetValueOrDefault(image.Reference)).ThenBy(static image => image.Reference, StringComparer.Ordinal))
        {
            if (total <= budget)
            {
                return;
            }

            if (!holders.ContainsKey(image.Reference) && await runtime.RemoveImageAsync(image.Reference, cancellationToken))
            {
                total -= image.Bytes;
                uses.TryRemove(image.Reference, out _);
                Removed(image.Reference, image.Bytes);
            }
        }
    }

    private void Release(string reference)
    {
        uses[reference] = time.GetTimestamp();
        if (holders.AddOrUpdate(reference, 0, static (_, count) => count - 1) == 0)
        {
            holders.TryRemove(new(reference, 0));
        }
    }

    [LoggerMessage(410, LogLevel.Information, "Image {Reference} ({Bytes} bytes) was removed to make room.")]
    private partial void Removed(string reference, long bytes);

    private sealed class Holding(ImageCache cache, string reference) : IDisposable
    {
        private bool isReleased;

        public void Dispose()
        {
            if (!isReleased)
            {
                isReleased = true;
                cache.Release(reference);
            }
        }
    }
}
