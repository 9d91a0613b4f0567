using System.Globalization;
using Dweb.Agent.Isolation;
using Dweb.Agent.Machine;
using Dweb.Agent.Runtimes;
using Dweb.Agent.Secrets;
using Dweb.Agent.Settings;
using Dweb.Agent.State;
using Dweb.Agent.Volumes;
using Dweb.Core.Protocol.Errors;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dweb.Agent.Startup;

/// <summary>
/// Takes away what an agent left on its host for the containers of its COE, and nothing of anybody else's. What users keep in volumes is lost. May be run again
/// after it failed halfway.
/// </summary>
internal static class RemovalProgram
{
    /// <exception cref="StartupException">The agent runs, or engine or host did not do it.</exception>
    public static async Task<int> RunAsync(AgentSettings settings, TextWriter output, CancellationToken cancellationToken)
    {
        using var folder = DataFolder.Open(settings.DataFolder);
        using var runtime = settings.Runtime.Open(settings.Engine);
        var volumes = new LeaseVolumes(folder.VolumeFolder, () => View(settings.Engine), NullLogger<LeaseVolumes>.Instance);
        try
        {
            // Containers first: what they have is in use. Where their engine is gone they are too, and the rest can go.
            var engine = await FromEngineAsync(runtime, settings, output, cancellationToken);
            var kept = volumes.List();
            foreach (var lease in kept)
            {
                await volumes.RemoveAsync(lease, cancellationToken);
            }

            await ForgetSecretsAsync(folder, settings, cancellationToken);
            int bridges = await Bridges.RemoveAsync(settings.Coe, cancellationToken);
            await new Firewall(settings.Coe, settings.NetworkRange, static () => []).RemoveAsync(cancellationToken);
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"removed {kept.Count} leases' volumes, {bridges} bridges of an engine that is gone and the firewall's rules of {settings.Coe}"));
            return engine is null ? ExitStatus.Done : throw engine;
        }
        catch (RuntimeException failure)
        {
            throw new StartupException(failure.Code, failure.Message, failure.Code.Hint, failure);
        }
        catch (HostToolException failure)
        {
            throw new StartupException(Catalogue.HostRefused, failure.Message, Catalogue.HostRefused.Hint, failure);
        }
    }

    /// <returns>Why nothing was removed, where the engine does not answer.</returns>
    private static async Task<RuntimeException?> FromEngineAsync(IContainerRuntime runtime, AgentSettings settings, TextWriter output, CancellationToken cancellationToken)
    {
        try
        {
            var containers = await runtime.ListAsync(settings.Coe, cancellationToken);
            foreach (var container in containers)
            {
                await runtime.RemoveAsync(container.Id, cancellationToken);
            }

            var networks = await runtime.ListNetworksAsync(settings.Coe, cancellationToken);
            foreach (string network in networks)
            {
                await runtime.RemoveNetworkAsync(network, cancellationToken);
            }

            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"removed {containers.Count} containers and {networks.Count} networks of {settings.Coe}"));
            return null;
        }
        catch (RuntimeException failure) when (failure.Fault == RuntimeFault.Unreachable)
        {
            return failure;
        }
    }

    private static async Task ForgetSecretsAsync(DataFolder folder, AgentSettings settings, CancellationToken cancellationToken)
    {
        var secrets = new SecretFolders(folder.SecretsFolder, () => View(settings.Engine));
        foreach (var lease in secrets.List())
        {
            await secrets.RemoveAsync(lease, cancellationToken);
        }

        var bundles = new SealedBundles(folder.SecretsFolder, []);
        foreach (var lease in bundles.List())
        {
            bundles.Remove(lease);
        }
    }

    private static MountNamespace View(Uri engine)
    {
        try
        {
            return MountNamespace.OfEngine(engine);
        }
        catch (HostToolException)
        {
            // It is gone, and told of in the end.
            return MountNamespace.Own;
        }
    }
}
