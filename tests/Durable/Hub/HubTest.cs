using Dweb.Durable.Tests.Fixtures;

namespace Dweb.Durable.Tests.Hub;

/// <summary>What tests of the hub on a real storage share.</summary>
public abstract class HubTest(Azurite azurite) : IAsyncLifetime
{
    private readonly List<IAsyncDisposable> _owned = [];

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await azurite.WhenReadyAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var owned in _owned)
        {
            await owned.DisposeAsync();
        }
        GC.SuppressFinalize(this);
    }

    private protected HubHarness Harness(OrchestrationRegistry registry, TimeProvider? time = null, bool useLockFile = true, int activitiesAtATime = 64)
    {
        var harness = new HubHarness(azurite, registry) { Time = time ?? TimeProvider.System, UseLockFile = useLockFile, MaxConcurrentActivities = activitiesAtATime };
        _owned.Add(harness);
        return harness;
    }

    private protected static OrchestrationRegistry Registry() => new OrchestrationRegistry()
        .AddActivity(Defs.Double, (_, n, _) => Task.FromResult(2 * n))
        .AddActivity(Defs.Echo, (_, text, _) => Task.FromResult(text));
}
