using Dweb.Agent.Leases;
using Dweb.Agent.Tests.Several;
using Dweb.Core.Protocol;
using Dweb.Testing;

namespace Dweb.Agent.Tests.Leases;

public sealed class ContainerSightTests : IDisposable
{
    private static readonly LeasePolicy Policy = LeasePolicy.For(TimeSpan.FromSeconds(60));

    private readonly MemoryEngine engine = new();
    private readonly SettableClock clock = new(DateTimeOffset.UnixEpoch);
    private readonly ContainerSight sight;
    private readonly CancellationToken cancel = TestContext.Current.CancellationToken;

    public ContainerSightTests() => sight = new ContainerSight(Keccak256.Hash("lease"), engine, Policy, clock);

    public void Dispose() => engine.Dispose();

    [Fact]
    public async Task A_container_is_looked_at_first_and_then_when_it_is_time_to()
    {
        Assert.Equal(TimeSpan.Zero, sight.Left);
        Assert.Null(await sight.LookAsync(cancel));
        Assert.Equal(Policy.Look, sight.Left);
        clock.Pass(Policy.Look - TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.FromSeconds(1), sight.Left);
        clock.Pass(TimeSpan.FromSeconds(2));
        Assert.Equal(TimeSpan.Zero, sight.Left);
    }

    [Fact]
    public async Task What_the_engine_named_is_looked_at_at_once_and_once()
    {
        await sight.LookAsync(cancel);
        sight.Doubt();
        Assert.Equal(TimeSpan.Zero, sight.Left);
        await sight.LookAsync(cancel);
        Assert.Equal(Policy.Look, sight.Left);
    }

    [Fact]
    public async Task What_happens_while_the_engine_is_asked_is_looked_at_once_more()
    {
        engine.Inspected = sight.Doubt;
        await sight.LookAsync(cancel);
        Assert.Equal(TimeSpan.Zero, sight.Left);
    }
}
