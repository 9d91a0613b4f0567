using Dweb.Core.Protocol;

namespace Dweb.Agent.Runtimes;

/// <summary>A container engine as the agent needs it. Every method throws <see cref="RuntimeException"/> when the engine refuses or cannot be reached.</summary>
internal interface IContainerRuntime : IDisposable
{
    /// <summary>What it cannot do. A plan that needs any of it is refused by that name; the rest is done without.</summary>
    RuntimeCapability Lacks { get; }

    /// <returns>Name and version of the engine, for people.</returns>
    /// <exception cref="RuntimeException">What answers is another engine, among others.</exception>
    Task<string> DescribeAsync(CancellationToken cancellationToken);

    /// <returns>What the engine's clock shows.</returns>
    Task<DateTimeOffset> ReadTimeAsync(CancellationToken cancellationToken);

    /// <returns>Null when the engine does not have it.</returns>
    Task<ImageFacts?> FindImageAsync(string image, CancellationToken cancellationToken);

    /// <param name="image">Repository and digest; the engine checks what it gets against the digest.</param>
    Task PullAsync(string image, IProgress<PullProgress> progress, CancellationToken cancellationToken);

    /// <param name="registry">Host and port.</param>
    /// <returns>Images of that registry that the engine has.</returns>
    Task<IReadOnlyList<CachedImage>> ListImagesAsync(string registry, CancellationToken cancellationToken);

    /// <summary>Removes an image; one that is gone is left alone.</summary>
    /// <returns>False when a container needs it.</returns>
    Task<bool> RemoveImageAsync(string reference, CancellationToken cancellationToken);

    /// <summary>Makes a network; one of this name and COE that is there is left alone.</summary>
    Task CreateNetworkAsync(NetworkPlan plan, CancellationToken cancellationToken);

    /// <summary>Removes a network on which nothing is; one that is gone is left alone.</summary>
    Task RemoveNetworkAsync(string name, CancellationToken cancellationToken);

    /// <returns>Names of all networks of a COE.</returns>
    Task<IReadOnlyList<string>> ListNetworksAsync(Hash32 coe, CancellationToken cancellationToken);

    /// <summary>Makes a container without starting it.</summary>
    /// <returns>The engine's id.</returns>
    /// <exception cref="RuntimeException"><see cref="RuntimeFault.NameTaken"/>: inspect and adopt. <see cref="RuntimeFault.Refused"/>: among others, for what it <see cref="Lacks"/>.</exception>
    Task<string> CreateAsync(ContainerPlan plan, CancellationToken cancellationToken);

    /// <summary>Starts a container; one that runs already is left alone.</summary>
    Task StartAsync(string container, CancellationToken cancellationToken);

    /// <param name="container">Id or name.</param>
    /// <returns>Null when the engine has no such container.</returns>
    Task<ContainerSnapshot?> InspectAsync(string container, CancellationToken cancellationToken);

    /// <returns>All containers of a COE, also those that do not run.</returns>
    Task<IReadOnlyList<ContainerSnapshot>> ListAsync(Hash32 coe, CancellationToken cancellationToken);

    /// <summary>Asks the container to end and kills it after its own grace; one that is stopped or gone is left alone.</summary>
    Task StopAsync(string container, CancellationToken cancellationToken);

    /// <summary>Removes a container and what it wrote; one that is gone is left alone.</summary>
    Task RemoveAsync(string container, CancellationToken cancellationToken);

    /// <param name="tail">Lines, 1 to 1,000.</param>
    Task<LogTail> ReadLogAsync(string container, int tail, CancellationToken cancellationToken);

    /// <summary>Names of containers of a COE as something happens to them. Ends when the engine closes the stream.</summary>
    /// <returns>First null, for all of them: nothing that happens from then on is missed.</returns>
    IAsyncEnumerable<string?> WatchAsync(Hash32 coe, CancellationToken cancellationToken);
}

/// <param name="Done">Bytes of layers that have arrived.</param>
/// <param name="Total">Bytes of the layers seen so far; grows while the engine learns of more.</param>
internal sealed record PullProgress(long Done, long Total);

/// <summary>The last lines a container wrote.</summary>
internal sealed record LogTail(IReadOnlyList<string> Lines, bool Truncated)
{
    /// <summary>When each line was written, in a form whose order as text is that of time; none where the runtime does not tell.</summary>
    public IReadOnlyList<string> Stamps { get; init; } = [];

    /// <summary>Of the last line.</summary>
    public string? Mark => Stamps.Count > 0 ? Stamps[^1] : null;

    /// <summary>Only what was written after this mark.</summary>
    public LogTail After(string? mark)
    {
        int seen = mark is null ? 0 : Stamps.Count(stamp => string.CompareOrdinal(stamp, mark) <= 0);
        return seen == 0 ? this : new LogTail([.. Lines.Skip(seen)], Truncated: false) { Stamps = [.. Stamps.Skip(seen)] };
    }
}
