using System.Globalization;
using Dweb.Agent.Isolation;
using Dweb.Agent.Machine;
using Dweb.Agent.Runtimes;
using Dweb.Agent.Secrets;
using Dweb.Agent.Volumes;
using Dweb.Core.Manifest;
using Dweb.Core.Protocol;

namespace Dweb.Agent.Leases;

/// <summary>What a lease has on this host beside its container: a network, disk, bandwidth.</summary>
internal sealed class LeasePremises(IContainerRuntime runtime, DeploymentNetworks networks, LeaseVolumes volumes, SecretFolders secrets, SealedBundles bundles, IBandwidthLimit bandwidth)
{
    /// <summary>Takes up what a former process left, and mounts what a restart of the host has unmounted.</summary>
    /// <returns>Leases whose volumes had to be mounted, or whose secrets are forgotten: an engine that started first could not start their containers.</returns>
    /// <exception cref="RuntimeException">The engine does not answer.</exception>
    public async Task<IReadOnlyList<Hash32>> AdoptAsync(IReadOnlyList<ContainerSnapshot> containers, CancellationToken cancellationToken)
    {
        await networks.AdoptAsync(containers, cancellationToken);
        return [.. await volumes.RestoreAsync(cancellationToken), .. secrets.ListForgotten()];
    }

    /// <summary>Leases of which something is kept here.</summary>
    public IReadOnlyList<Hash32> List() => [.. volumes.List().Union(secrets.List()).Union(bundles.List())];

    /// <summary>Gets all that the container needs to be made; what is there already is used.</summary>
    /// <param name="storage">MiB.</param>
    /// <exception cref="RuntimeException">The engine does not answer or refuses.</exception>
    /// <exception cref="HostToolException">The host did not do it.</exception>
    public async Task<(NetworkPlan Network, IReadOnlyList<MountPlan> Mounts, string? SecretsFolder)> PrepareAsync(
        Hash32 order, Hash32 lease, ContainerSpec spec, ImageFacts image, ulong storage, CancellationToken cancellationToken)
    {
        var network = networks.TakeAsync(order, lease, cancellationToken);
        var mounts = volumes.EnsureAsync(lease, storage, VolumeFolders.Of(spec, image), cancellationToken);
        var folder = spec.Secrets is null ? Task.FromResult<string?>(null) : EnsureSecretsAsync(lease, cancellationToken);
        await Task.WhenAll(network, mounts, folder);
        return (await network, await mounts, await folder);
    }

    /// <summary>Holds a run of the container to its bandwidth, which its label says.</summary>
    /// <exception cref="HostToolException">The limit is not in force.</exception>
    public Task LimitAsync(ContainerSnapshot container, CancellationToken cancellationToken) =>
        container.Condition == ContainerCondition.Running
        && ulong.TryParse(container.Labels.GetValueOrDefault(ContainerNames.BandwidthLabel), CultureInfo.InvariantCulture, out ulong reserved)
            ? bandwidth.ApplyAsync(container.Pid, reserved, cancellationToken)
            : Task.CompletedTask;

    /// <returns>Bytes that the lease keeps on disk.</returns>
    public ulong MeasureStorage(Hash32 lease) => volumes.Measure(lease);

    /// <summary>Forgets the secrets of a lease that runs no more; opened again, they come out the same.</summary>
    /// <exception cref="HostToolException">The host did not do it.</exception>
    public Task ForgetSecretsAsync(Hash32 lease, CancellationToken cancellationToken) => secrets.RemoveAsync(lease, cancellationToken);

    /// <summary>Removes the container and all that it had; what is gone is left alone.</summary>
    /// <exception cref="RuntimeException">The engine does not answer or refuses.</exception>
    /// <exception cref="HostToolException">The host did not do it.</exception>
    public async Task RemoveAsync(Hash32 lease, CancellationToken cancellationToken)
    {
        await runtime.RemoveAsync(ContainerNames.Of(lease), cancellationToken);
        await secrets.RemoveAsync(lease, cancellationToken);
        bundles.Remove(lease);
        await volumes.RemoveAsync(lease, cancellationToken);
        await networks.ReleaseAsync(lease, cancellationToken);
    }

    private async Task<string?> EnsureSecretsAsync(Hash32 lease, CancellationToken cancellationToken) => await secrets.EnsureAsync(lease, cancellationToken);
}
