using Dweb.Agent.Isolation;
using Dweb.Agent.Runtimes;
using Dweb.Agent.Tests.Several;
using Dweb.Agent.Tests.Support;
using Dweb.Core.Protocol;

namespace Dweb.Agent.Tests.Isolation;

public sealed class DeploymentNetworksTests : IDisposable
{
    private static readonly Hash32 Coe = Keccak256.Hash("coe");
    private readonly CancellationToken cancel = TestContext.Current.CancellationToken;
    private readonly AddressRange range = TestRange.Next();
    private readonly MemoryEngine engine = new();
    private readonly DeploymentNetworks networks;

    public DeploymentNetworksTests() => networks = new DeploymentNetworks(engine, Coe, range, TimeProvider.System);

    public void Dispose()
    {
        networks.Dispose();
        engine.Dispose();
    }

    [Fact]
    public async Task Two_deployments_are_never_on_one_network_and_two_replicas_of_one_are()
    {
        var first = await networks.TakeAsync(Id("order a"), Id("lease 1"), cancel);
        var second = await networks.TakeAsync(Id("order a"), Id("lease 2"), cancel);
        var other = await networks.TakeAsync(Id("order b"), Id("lease 3"), cancel);
        Assert.Equal(first, second);
        Assert.NotEqual(first.Name, other.Name);
        Assert.False(first.Subnet.Contains(other.Gateway));
        Assert.Equal([first.Name, other.Name], (await engine.ListNetworksAsync(Coe, cancel)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Some_are_kept_ready_and_what_is_left_over_is_removed()
    {
        const int many = (2 * DeploymentNetworks.Spares) + 2;
        await networks.BalanceAsync(cancel);
        Assert.Equal(DeploymentNetworks.Spares, (await engine.ListNetworksAsync(Coe, cancel)).Count);
        Assert.True(networks.HasSpare);
        for (int i = 0; i < many; i++)
        {
            await networks.TakeAsync(Id($"order {i}"), Id($"lease {i}"), cancel);
        }

        Assert.False(networks.HasSpare);
        Assert.Equal(many, (await engine.ListNetworksAsync(Coe, cancel)).Count);
        for (int i = 0; i < many; i++)
        {
            await networks.ReleaseAsync(Id($"lease {i}"), cancel);
        }

        await networks.BalanceAsync(cancel);
        Assert.InRange((await engine.ListNetworksAsync(Coe, cancel)).Count, DeploymentNetworks.Spares, many - 1);
    }

    [Fact]
    public async Task An_agent_that_was_killed_finds_again_who_is_where()
    {
        var taken = await networks.TakeAsync(Id("order a"), Id("lease 1"), cancel);
        using var next = new DeploymentNetworks(engine, Coe, range, TimeProvider.System);
        await next.AdoptAsync([Container(Id("order a"), Id("lease 1"), taken.Name)], cancel);
        Assert.Equal(taken, await next.TakeAsync(Id("order a"), Id("lease 1"), cancel));
        Assert.Equal(taken, await next.TakeAsync(Id("order a"), Id("lease 2"), cancel));
        Assert.NotEqual(taken.Name, (await next.TakeAsync(Id("order b"), Id("lease 3"), cancel)).Name);
    }

    [Fact]
    public async Task When_every_network_is_taken_the_next_deployment_is_refused_with_the_setting_that_mends_it()
    {
        for (int i = 0; i < range.Count; i++)
        {
            await networks.TakeAsync(Id($"order {i}"), Id($"lease {i}"), cancel);
        }

        var refusal = await Assert.ThrowsAsync<RuntimeException>(() => networks.TakeAsync(Id("one more"), Id("lease of it"), cancel));
        Assert.Contains("networkRange", refusal.Message, StringComparison.Ordinal);
        await networks.ReleaseAsync(Id("lease 0"), cancel);
        await networks.TakeAsync(Id("one more"), Id("lease of it"), cancel);
    }

    private static ContainerSnapshot Container(Hash32 order, Hash32 lease, string network) => new(
        "c", ContainerNames.Of(lease), new Dictionary<string, string>(StringComparer.Ordinal) { [ContainerNames.OrderLabel] = order.ToString() },
        ContainerCondition.Running, 0, null, null, 0, 0, false, "", null, new Dictionary<ushort, ushort>()) { Network = network };

    private static Hash32 Id(string text) => Keccak256.Hash(text);
}
