using Docker.DotNet;
using Docker.DotNet.Models;
using Dweb.Agent.State;

namespace Dweb.Agent.Runtimes.Docker;

/// <summary>Images in Docker's store.</summary>
internal sealed class DockerImages(DockerClient client, EngineCalls calls)
{
    public async Task<ImageFacts?> FindAsync(string image, CancellationToken cancellationToken)
    {
        try
        {
            var found = await calls.RunAsync(() => client.Images.InspectImageAsync(image, cancellationToken));
            return new ImageFacts([.. found.Config?.Volumes?.Keys ?? []]);
        }
        catch (RuntimeException missing) when (missing.Fault == RuntimeFault.ContainerMissing)
        {
            return null;
        }
    }

    public async Task PullAsync(string image, IProgress<PullProgress> progress, CancellationToken cancellationToken)
    {
        using var step = DurableSteps.Try(DurableStep.ImagePulled);
        var pull = new DockerPull(progress);
        try
        {
            await calls.RunAsync(() => client.Images.CreateImageAsync(new ImagesCreateParameters { FromImage = image }, new AuthConfig(), pull, cancellationToken));
        }
        catch (RuntimeException refusal) when (refusal.Fault != RuntimeFault.Unreachable)
        {
            throw new RuntimeException(RuntimeFault.PullFailed, $"'{image}' cannot be pulled: {refusal.Message}", refusal);
        }

        if (pull.Error is { } error)
        {
            throw new RuntimeException(RuntimeFault.PullFailed, $"'{image}' cannot be pulled: {error}");
        }
    }

    public async Task<IReadOnlyList<CachedImage>> ListAsync(string registry, CancellationToken cancellationToken)
    {
        var found = await calls.RunAsync(() => client.Images.ListImagesAsync(new ImagesListParameters(), cancellationToken));
        return
        [
            .. from image in found
               from reference in image.RepoDigests ?? []
               where reference.StartsWith(registry + "/", StringComparison.Ordinal)
               select new CachedImage(reference, image.Size),
        ];
    }

    /// <returns>False when a container needs it.</returns>
    public async Task<bool> RemoveAsync(string reference, CancellationToken cancellationToken)
    {
        using var step = DurableSteps.Try(DurableStep.ImageRemoved);
        try
        {
            await calls.RunAsync(() => client.Images.DeleteImageAsync(reference, new ImageDeleteParameters(), cancellationToken));
            return true;
        }
        catch (RuntimeException refusal) when (refusal.Fault == RuntimeFault.NameTaken)
        {
            // The status by which the engine says that it is in use.
            return false;
        }
        catch (RuntimeException missing) when (missing.Fault == RuntimeFault.ContainerMissing)
        {
            return true;
        }
    }
}
