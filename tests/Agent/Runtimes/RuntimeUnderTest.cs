using System.Net;
using System.Security.Cryptography;
using Dweb.Agent.Isolation;
using Dweb.Agent.Machine;
using Dweb.Agent.Runtimes;
using Dweb.Agent.Tests.Support;
using Dweb.Core.Manifest;
using Dweb.Core.Protocol;
using Dweb.Core.Resources;

namespace Dweb.Agent.Tests.Runtimes;

/// <summary>
/// A real engine as the suite needs it, with an image of our own in it and a COE whose containers are all removed in the end. What differs between engines is
/// said here once: how one is started, how an image gets into it, and what it lacks.
/// </summary>
public abstract class RuntimeUnderTest : IAsyncLifetime
{
    private static readonly TimeSpan Generous = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(30);

    /// <summary>What docs/operations.md says that it lacks.</summary>
    internal abstract RuntimeCapability Documented { get; }

    /// <summary>As it calls itself.</summary>
    internal abstract string Name { get; }

    internal Uri Engine { get; private set; } = null!;

    internal IContainerRuntime Runtime { get; private set; } = null!;

    /// <summary>Busybox, without an entrypoint.</summary>
    internal string Image { get; private set; } = "";

    internal Hash32 Coe { get; } = new(RandomNumberGenerator.GetBytes(32));

    internal AddressRange Range { get; } = TestRange.Next();

    /// <summary>Of the deployment that a plan is of, if it says nothing else.</summary>
    internal NetworkPlan Network => NetworkPlan.Of(Coe, Range, 0);

    /// <summary>As an agent does at its start; also to an address at which nobody is.</summary>
    internal abstract IContainerRuntime Open(Uri engine);

    /// <returns>Bytes that the engine keeps of what a container wrote.</returns>
    internal abstract Task<long> MeasureLogAsync(string container, CancellationToken cancellationToken);

    public virtual async ValueTask InitializeAsync()
    {
        Engine = await StartEngineAsync();
        Runtime = Open(Engine);
        Image = await ImportAsync();
        await Runtime.CreateNetworkAsync(Network, CancellationToken.None);
    }

    public virtual async ValueTask DisposeAsync()
    {
        await RemoveAllAsync(Coe);
        await ForgetAsync(Image);
        Runtime.Dispose();
        GC.SuppressFinalize(this);
    }

    internal async Task RemoveContainersAsync(Hash32 coe)
    {
        // An engine that answers no more is told of as such, and not waited for without end.
        using var limit = new CancellationTokenSource(Generous);
        foreach (var container in await Runtime.ListAsync(coe, limit.Token))
        {
            await Runtime.RemoveAsync(container.Id, limit.Token);
        }
    }

    internal async Task RemoveAllAsync(Hash32 coe)
    {
        await RemoveContainersAsync(coe);
        foreach (string network in await Runtime.ListNetworksAsync(coe, CancellationToken.None))
        {
            await Runtime.RemoveNetworkAsync(network, CancellationToken.None);
        }
    }

    internal ContainerPlan Plan(params string[] command) => new(
        new Hash32(RandomNumberGenerator.GetBytes(32)), Keccak256.Hash("order"), Coe, "alpha", 2, Image,
        new ContainerSpec(
            "web", "unused", Hash32.Zero, [BusyboxImage.Entrypoint], command,
            new SortedDictionary<string, string>(StringComparer.Ordinal) { ["GREETING"] = "hello", ["DWEB_COE"] = "forged", ["DWEB_MODE"] = "kept" },
            [new PortSpec(8080)], null, RestartPolicy.No, 1),
        new ResourceVector(500, 32, 64, 10, 1),
        IPAddress.Loopback)
    { Network = Network };

    internal ContainerPlan Shell(string line) => Plan("sh", "-c", line);

    internal async Task<(ContainerPlan Plan, string Id)> StartAsync(ContainerPlan plan, CancellationToken cancellationToken)
    {
        string id = await Runtime.CreateAsync(plan, cancellationToken);
        await Runtime.StartAsync(id, cancellationToken);
        return (plan, id);
    }

    internal async Task<ContainerSnapshot> InspectAsync(string id, CancellationToken cancellationToken) =>
        await Runtime.InspectAsync(id, cancellationToken) ?? throw new InvalidOperationException($"{Name} has no container {id}.");

    internal async Task<ContainerSnapshot> UntilAsync(string id, Predicate<ContainerSnapshot> isSo, CancellationToken cancellationToken)
    {
        while (true)
        {
            var found = await InspectAsync(id, cancellationToken);
            if (isSo(found))
            {
                return found;
            }

            await Task.Delay(Look, cancellationToken);
        }
    }

    internal Task<ContainerSnapshot> UntilExitedAsync(string id, CancellationToken cancellationToken) =>
        UntilAsync(id, static found => found.Condition == ContainerCondition.Exited, cancellationToken);

    /// <summary>Waits until the container has written enough.</summary>
    internal async Task<IReadOnlyList<string>> UntilWrittenAsync(string id, Predicate<IReadOnlyList<string>> isEnough, CancellationToken cancellationToken)
    {
        while (true)
        {
            var lines = (await Runtime.ReadLogAsync(id, 1_000, cancellationToken)).Lines;
            if (isEnough(lines))
            {
                return lines;
            }

            await Task.Delay(Look, cancellationToken);
        }
    }

    /// <returns>What a container of this plan wrote until it ended.</returns>
    internal async Task<IReadOnlyList<string>> RunAsync(ContainerPlan plan, CancellationToken cancellationToken)
    {
        (_, string id) = await StartAsync(plan, cancellationToken);
        await UntilExitedAsync(id, cancellationToken);
        return (await Runtime.ReadLogAsync(id, 1_000, cancellationToken)).Lines;
    }

    /// <returns>A running container's address on its network, from the kernel.</returns>
    internal static async Task<IPAddress> AddressOfAsync(ContainerSnapshot container, CancellationToken cancellationToken)
    {
        string shown = await HostTool.RunAsync("nsenter", [$"--net=/proc/{container.Pid}/ns/net", "--", "ip", "-4", "-o", "address", "show", "dev", "eth0"], null, cancellationToken);
        string[] words = shown.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return IPAddress.Parse(words[Array.IndexOf(words, "inet") + 1].Split('/')[0]);
    }

    /// <returns>Where it listens.</returns>
    protected abstract Task<Uri> StartEngineAsync();

    /// <returns>A name of the image that the engine resolves without asking anybody.</returns>
    protected abstract Task<string> ImportAsync();

    protected abstract Task ForgetAsync(string image);
}
