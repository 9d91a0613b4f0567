using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Docker.DotNet;
using Docker.DotNet.Models;
using Dweb.Agent.State;
using Dweb.Core.Protocol;

namespace Dweb.Agent.Runtimes.Docker;

/// <summary>Docker Engine, over its API.</summary>
internal sealed class DockerRuntime : IContainerRuntime
{
    private const string Engine = "Docker";

    // As Podman calls itself where it serves Docker's API.
    private const string AnotherEngine = "Podman Engine";

    private readonly EngineCalls calls;
    private readonly DockerClient client;
    private readonly DockerNetworks networks;
    private readonly DockerImages images;

    public DockerRuntime(Uri engine)
        : this(engine, new EngineCalls(Engine, engine, EngineCalls.DockerFaultOf))
    {
    }

    /// <summary>For an engine that serves the same API and refuses in other words.</summary>
    public DockerRuntime(Uri engine, EngineCalls calls)
    {
        this.calls = calls;
        client = new DockerClientBuilder().WithEndpoint(engine).WithTimeout(Timeout.InfiniteTimeSpan).Build();
        networks = new DockerNetworks(client, calls);
        images = new DockerImages(client, calls);
    }

    public RuntimeCapability Lacks => RuntimeCapability.None;

    public async Task<string> DescribeAsync(CancellationToken cancellationToken)
    {
        var version = await Call(() => client.System.GetVersionAsync(cancellationToken));

        // It takes Docker's words for volumes and keeps the data elsewhere.
        return version.Components?.Any(static part => part.Name == AnotherEngine) != true
            ? $"{Engine} {version.Version}"
            : throw new RuntimeException(RuntimeFault.Refused, "What answers is Podman: set 'runtime' to \"podman\".");
    }

    public async Task<DateTimeOffset> ReadTimeAsync(CancellationToken cancellationToken)
    {
        var info = await Call(() => client.System.GetSystemInfoAsync(cancellationToken));
        return DateTimeOffset.Parse(info.SystemTime, System.Globalization.CultureInfo.InvariantCulture);
    }

    public Task<ImageFacts?> FindImageAsync(string image, CancellationToken cancellationToken) => images.FindAsync(image, cancellationToken);

    public Task PullAsync(string image, IProgress<PullProgress> progress, CancellationToken cancellationToken) => images.PullAsync(image, progress, cancellationToken);

    public Task<IReadOnlyList<CachedImage>> ListImagesAsync(string registry, CancellationToken cancellationToken) => images.ListAsync(registry, cancellationToken);

    public Task<bool> RemoveImageAsync(string reference, CancellationToken cancellationToken) => images.RemoveAsync(reference, cancellationToken);

    public async Task<string> CreateAsync(ContainerPlan plan, CancellationToken cancellationToken)
    {
        RuntimeCapabilities.Require(plan, Lacks, Engine);
        using var step = DurableSteps.Try(DurableStep.ContainerCreated);
        var created = await Call(() => client.Containers.CreateContainerAsync(DockerContainers.ParametersOf(plan), cancellationToken));
        return created.ID;
    }

    public async Task StartAsync(string container, CancellationToken cancellationToken)
    {
        using var step = DurableSteps.Try(DurableStep.ContainerStarted);

        // False means that it ran already.
        await Call(() => client.Containers.StartContainerAsync(container, new ContainerStartParameters(), cancellationToken));
    }

    public Task CreateNetworkAsync(NetworkPlan plan, CancellationToken cancellationToken) => networks.CreateAsync(plan, cancellationToken);

    public Task RemoveNetworkAsync(string name, CancellationToken cancellationToken) => networks.RemoveAsync(name, cancellationToken);

    public Task<IReadOnlyList<string>> ListNetworksAsync(Hash32 coe, CancellationToken cancellationToken) => networks.ListAsync(coe, cancellationToken);

    public async Task<ContainerSnapshot?> InspectAsync(string container, CancellationToken cancellationToken)
    {
        try
        {
            return DockerContainers.SnapshotOf(await Call(() => client.Containers.InspectContainerAsync(container, cancellationToken)));
        }
        catch (RuntimeException missing) when (missing.Fault == RuntimeFault.ContainerMissing)
        {
            return null;
        }
    }

    public async Task<IReadOnlyList<ContainerSnapshot>> ListAsync(Hash32 coe, CancellationToken cancellationToken)
    {
        var parameters = new ContainersListParameters { All = true, Filters = DockerFilters.OfCoe(coe) };
        var found = await Call(() => client.Containers.ListContainersAsync(parameters, cancellationToken));
        var snapshots = new List<ContainerSnapshot>();
        foreach (var container in found)
        {
            if (await InspectAsync(container.ID, cancellationToken) is { } snapshot)
            {
                snapshots.Add(snapshot);
            }
        }

        return snapshots;
    }

    public async Task StopAsync(string container, CancellationToken cancellationToken)
    {
        using var step = DurableSteps.Try(DurableStep.ContainerStopped);

        // Without a time of our own the engine takes the container's, which was set from the spec when it was made.
        await UnlessGone(() => client.Containers.StopContainerAsync(container, new ContainerStopParameters(), cancellationToken));
    }

    public async Task RemoveAsync(string container, CancellationToken cancellationToken)
    {
        using var step = DurableSteps.Try(DurableStep.ContainerRemoved);
        await UnlessGone(() => client.Containers.RemoveContainerAsync(container, new ContainerRemoveParameters { Force = true, RemoveVolumes = true }, cancellationToken));
    }

    public async Task<LogTail> ReadLogAsync(string container, int tail, CancellationToken cancellationToken)
    {
        int lines = Math.Clamp(tail, 1, LogCut.MostLines);
        var parameters = new ContainerLogsParameters
        {
            ShowStdout = true,
            ShowStderr = true,
            Timestamps = true,
            Tail = (lines + 1).ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
        using var stream = await Call(() => client.Containers.GetContainerLogsAsync(container, parameters, cancellationToken));
        (string stdout, string stderr) = await Call(() => stream.ReadOutputToEndAsync(cancellationToken));
        return DockerLog.Cut(stdout, stderr, lines);
    }

    /// <summary>Where the engine keeps what a container wrote.</summary>
    public async Task<string> FindLogFileAsync(string container, CancellationToken cancellationToken) =>
        (await Call(() => client.Containers.InspectContainerAsync(container, cancellationToken))).LogPath;

    public async IAsyncEnumerable<string?> WatchAsync(Hash32 coe, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // The engine tells what happened since then, whenever it comes to listening.
        var since = await ReadTimeAsync(cancellationToken);
        var names = Channel.CreateUnbounded<string>();
        var filters = DockerFilters.OfCoe(coe);
        filters["type"] = new Dictionary<string, bool>(StringComparer.Ordinal) { ["container"] = true };
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var parameters = new ContainerEventsParameters
        {
            Filters = filters,
            Since = since.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
        var reading = Call(() => client.System.MonitorEventsAsync(parameters, new EventSink(names.Writer), ended.Token));
        _ = reading.ContinueWith(task => names.Writer.TryComplete(task.Exception?.InnerException), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        try
        {
            yield return null;
            await foreach (string name in names.Reader.ReadAllAsync(cancellationToken))
            {
                yield return name;
            }
        }
        finally
        {
            await ended.CancelAsync();
        }
    }

    public void Dispose() => client.Dispose();

    private Task<T> Call<T>(Func<Task<T>> call) => calls.RunAsync(call);

    private Task Call(Func<Task> call) => calls.RunAsync(call);

    private async Task UnlessGone(Func<Task> call)
    {
        try
        {
            await Call(call);
        }
        catch (RuntimeException missing) when (missing.Fault == RuntimeFault.ContainerMissing)
        {
            // What was asked for is already so.
        }
    }

    // Each check of a container's health is a command in it; only what comes of them matters.
    private static bool IsCommand(Message value) => value.Action?.StartsWith("exec", StringComparison.Ordinal) == true;

    private sealed class EventSink(ChannelWriter<string> names) : IProgress<Message>
    {
        public void Report(Message value)
        {
            if (!IsCommand(value) && value.Actor?.Attributes?.TryGetValue("name", out string? name) == true)
            {
                names.TryWrite(name);
            }
        }
    }
}
