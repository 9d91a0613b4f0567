using System.Globalization;
using Dweb.Agent.Runtimes.Docker;
using Dweb.Agent.Settings;
using Dweb.Agent.State;
using Dweb.Core.Protocol;

namespace Dweb.Agent.Runtimes.Podman;

/// <summary>
/// Podman 4 or later, as root, over its socket. What Docker's API says in full there is asked in its words; what would be lost by them (volumes, health checks,
/// a network without a name server, a removal that does not wait) in Podman's own.
/// </summary>
internal sealed class PodmanRuntime : IContainerRuntime
{
    private const string Engine = "Podman";
    private const string Healthy = "healthy";
    private const int Oldest = 4;
    private const int MostTries = 20;
    private const string UnifiedControlGroups = "/sys/fs/cgroup/cgroup.controllers";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly EngineCalls calls;
    private readonly DockerRuntime compatible;
    private readonly LibpodClient libpod;
    private readonly PodmanHealth health;

    public PodmanRuntime(Uri engine)
    {
        calls = new EngineCalls(Engine, engine, PodmanPlans.FaultOf);
        compatible = new DockerRuntime(engine, calls);
        libpod = new LibpodClient(engine, calls);
        health = new PodmanHealth(CheckAsync, TimeProvider.System);
    }

    public RuntimeCapability Lacks { get; } = RuntimeCapability.RestartsWithMachine | RuntimeCapability.ImageHealthChecks | RuntimeCapability.PullProgress
        | (File.Exists(UnifiedControlGroups) ? RuntimeCapability.None : RuntimeCapability.OutOfMemory);

    public async Task<string> DescribeAsync(CancellationToken cancellationToken)
    {
        string version;
        try
        {
            version = (await libpod.GetAsync("version", LibpodJson.Default.LibpodVersion, cancellationToken)).Version;
        }
        catch (RuntimeException another) when (another.Fault != RuntimeFault.Unreachable)
        {
            throw new RuntimeException(RuntimeFault.Refused, "What answers is not Podman: set 'runtime' to \"docker\" if it is Docker.", another);
        }

        return int.TryParse(version.Split('.')[0], CultureInfo.InvariantCulture, out int major) && major >= Oldest
            ? $"{Engine} {version}"
            : throw new RuntimeException(RuntimeFault.Refused, $"{Engine} {version} is too old: at least {Oldest}.0 is needed.");
    }

    public Task<DateTimeOffset> ReadTimeAsync(CancellationToken cancellationToken) => compatible.ReadTimeAsync(cancellationToken);

    public Task<ImageFacts?> FindImageAsync(string image, CancellationToken cancellationToken) => compatible.FindImageAsync(image, cancellationToken);

    public async Task PullAsync(string image, IProgress<PullProgress> progress, CancellationToken cancellationToken)
    {
        using var step = DurableSteps.Try(DurableStep.ImagePulled);
        bool isSecure = !RegistryAddress.TryParse(image.Split('/')[0], out var registry) || registry.BaseUri.Scheme == Uri.UriSchemeHttps;
        string? error;
        try
        {
            error = (await libpod.PostAsync(
                $"images/pull?quiet=true&policy=missing&tlsVerify={(isSecure ? "true" : "false")}&reference={Uri.EscapeDataString(image)}",
                LibpodJson.Default.LibpodPulled, cancellationToken)).Error;
        }
        catch (RuntimeException refusal) when (refusal.Fault != RuntimeFault.Unreachable)
        {
            throw new RuntimeException(RuntimeFault.PullFailed, $"'{image}' cannot be pulled: {refusal.Message}", refusal);
        }

        if (!string.IsNullOrEmpty(error))
        {
            throw new RuntimeException(RuntimeFault.PullFailed, $"'{image}' cannot be pulled: {error}");
        }
    }

    public Task<IReadOnlyList<CachedImage>> ListImagesAsync(string registry, CancellationToken cancellationToken) => compatible.ListImagesAsync(registry, cancellationToken);

    public Task<bool> RemoveImageAsync(string reference, CancellationToken cancellationToken) => compatible.RemoveImageAsync(reference, cancellationToken);

    public async Task CreateNetworkAsync(NetworkPlan plan, CancellationToken cancellationToken)
    {
        using var step = DurableSteps.Try(DurableStep.NetworkMade);
        try
        {
            await libpod.PostAsync("networks/create", PodmanPlans.NetworkOf(plan), LibpodJson.Default.LibpodNetwork, LibpodJson.Default.LibpodMade, cancellationToken);
        }
        catch (RuntimeException refusal) when (refusal.Fault != RuntimeFault.Unreachable)
        {
            // Podman refuses a second one of this name; where it is ours, it is what was asked for.
            if (!(await ListNetworksAsync(plan.Coe, cancellationToken)).Contains(plan.Name, StringComparer.Ordinal))
            {
                throw;
            }
        }
    }

    public Task RemoveNetworkAsync(string name, CancellationToken cancellationToken) => compatible.RemoveNetworkAsync(name, cancellationToken);

    public Task<IReadOnlyList<string>> ListNetworksAsync(Hash32 coe, CancellationToken cancellationToken) => compatible.ListNetworksAsync(coe, cancellationToken);

    public async Task<string> CreateAsync(ContainerPlan plan, CancellationToken cancellationToken)
    {
        RuntimeCapabilities.Require(plan, Lacks, Engine);
        using var step = DurableSteps.Try(DurableStep.ContainerCreated);
        var created = await libpod.PostAsync("containers/create", PodmanPlans.ContainerOf(plan), LibpodJson.Default.LibpodContainer, LibpodJson.Default.LibpodCreated, cancellationToken);
        return created.Id;
    }

    public Task StartAsync(string container, CancellationToken cancellationToken) => compatible.StartAsync(container, cancellationToken);

    public async Task<ContainerSnapshot?> InspectAsync(string container, CancellationToken cancellationToken) =>
        await compatible.InspectAsync(container, cancellationToken) is { } found ? health.Judge(found) : null;

    public async Task<IReadOnlyList<ContainerSnapshot>> ListAsync(Hash32 coe, CancellationToken cancellationToken) =>
        [.. (await compatible.ListAsync(coe, cancellationToken)).Select(health.Judge)];

    public Task StopAsync(string container, CancellationToken cancellationToken) => compatible.StopAsync(container, cancellationToken);

    public async Task RemoveAsync(string container, CancellationToken cancellationToken)
    {
        using var step = DurableSteps.Try(DurableStep.ContainerRemoved);
        for (int tries = 1; ; tries++)
        {
            try
            {
                // Docker's words would have it wait for the container's grace.
                await libpod.DeleteAsync($"containers/{Uri.EscapeDataString(container)}?force=true&timeout=0&volumes=true", cancellationToken);
                return;
            }
            catch (RuntimeException missing) when (missing.Fault == RuntimeFault.ContainerMissing)
            {
                // What was asked for is already so.
                return;
            }
            catch (RuntimeException changing) when (changing.Fault == RuntimeFault.Changing && tries < MostTries)
            {
                await Task.Delay(Pause, cancellationToken);
            }
        }
    }

    public async Task<LogTail> ReadLogAsync(string container, int tail, CancellationToken cancellationToken)
    {
        int lines = Math.Clamp(tail, 1, LogCut.MostLines);
        string path = await compatible.FindLogFileAsync(container, cancellationToken);
        return LogCut.Of(await calls.RunAsync(() => PodmanLog.ReadAsync(path, lines, cancellationToken)), lines);
    }

    public IAsyncEnumerable<string?> WatchAsync(Hash32 coe, CancellationToken cancellationToken) => compatible.WatchAsync(coe, cancellationToken);

    public void Dispose()
    {
        health.Dispose();
        libpod.Dispose();
        compatible.Dispose();
    }

    private async Task<bool?> CheckAsync(string container, CancellationToken cancellationToken)
    {
        try
        {
            var result = await libpod.GetAsync($"containers/{container}/healthcheck", LibpodJson.Default.LibpodChecked, cancellationToken);
            return result.Status == Healthy;
        }
        catch (RuntimeException refusal) when (refusal.Fault is RuntimeFault.ContainerMissing or RuntimeFault.NameTaken or RuntimeFault.Changing)
        {
            // The others by their status: it does not run.
            return null;
        }
        catch (RuntimeException refusal) when (refusal.Fault == RuntimeFault.Refused)
        {
            // It could not be begun in the container, as where there is room for no other process.
            return false;
        }
    }
}
