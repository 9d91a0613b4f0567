using Dweb.Durable.Tests.Fixtures;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dweb.Durable.Tests.Hub;

/// <summary>What tests of the hub on a real storage share.</summary>
public abstract class HubTest(Azurite azurite) : IAsyncLifetime
{
    private readonly List<IAsyncDisposable> _owned = [];

    protected Azurite Storage => azurite;

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

    private protected HubHarness Harness(OrchestrationRegistry registry, TimeProvider? time = null, bool useLockFile = true, int activitiesAtATime = 64, int mostIdle = 1_000,
        string? connection = null, ILogger? logger = null, TimeSpan? leaseDuration = null)
    {
        var harness = new HubHarness(azurite, registry)
        {
            Time = time ?? TimeProvider.System,
            UseLockFile = useLockFile,
            MaxConcurrentActivities = activitiesAtATime,
            MaxIdleInstances = mostIdle,
            Connection = connection,
            Logger = logger ?? NullLogger.Instance,
            LeaseDuration = leaseDuration ?? TimeSpan.FromSeconds(15),
        };
        _owned.Add(harness);
        return harness;
    }

    /// <summary>Returns when the condition holds; a condition that never does ends with the test's own time limit.</summary>
    private protected static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while (!await condition())
        {
            await Task.Delay(5, patience.Token);
        }
    }

    private protected static OrchestrationRegistry Registry() => new OrchestrationRegistry()
        .AddActivity(Defs.Double, (_, n, _) => Task.FromResult(2 * n))
        .AddActivity(Defs.Echo, (_, text, _) => Task.FromResult(text));
}
