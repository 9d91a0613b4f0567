using Dweb.Agent.Images;
using Dweb.Agent.Runtimes;
using Dweb.Agent.Tests.Several;
using Dweb.Agent.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Dweb.Agent.Tests.Images;

public sealed class ImageCacheTests : IDisposable
{
    private const string Registry = "registry.example:5000";

    private readonly CancellationToken cancel = TestContext.Current.CancellationToken;
    private readonly FakeTimeProvider time = new();
    private readonly MemoryEngine engine = new();
    private readonly LinesLogger<ImageCache> log = new();

    public void Dispose() => engine.Dispose();

    [Fact]
    public async Task What_was_used_longest_ago_goes_first_and_no_more_than_has_to()
    {
        Have("a", "b", "c", "d");
        var cache = Cache(budget: 250);
        Use(cache, "c", "a", "b", "d", "c");
        await cache.TrimAsync(cancel);
        Assert.Equal([Name("c"), Name("d")], Left());
    }

    [Fact]
    public async Task What_was_not_used_since_the_agent_started_goes_before_all_that_was()
    {
        Have("new", "old");
        var cache = Cache(budget: 100);
        Use(cache, "new");
        await cache.TrimAsync(cancel);
        Assert.Equal([Name("new")], Left());
    }

    [Fact]
    public async Task What_a_container_or_a_launch_needs_stays_whatever_the_budget_is()
    {
        Have("launching", "idle");
        engine.Images[new CachedImage(Name("running"), 100)] = true;
        var cache = Cache(budget: 0);
        var launch = cache.Hold(Name("launching"));
        var again = cache.Hold(Name("launching"));
        launch.Dispose();
        launch.Dispose();
        await cache.TrimAsync(cancel);
        Assert.Equal([Name("launching"), Name("running")], Left());
        again.Dispose();
        await cache.TrimAsync(cancel);
        Assert.Equal([Name("running")], Left());
    }

    [Fact]
    public async Task Images_that_the_host_has_for_itself_are_not_touched()
    {
        engine.Images[new CachedImage("elsewhere.example/web@sha256:1", 1_000)] = false;
        await Cache(budget: 0).TrimAsync(cancel);
        Assert.Single(engine.Images);
    }

    private ImageCache Cache(long budget) => new(engine, Registry, budget, time, log);

    private void Have(params string[] names)
    {
        foreach (string name in names)
        {
            engine.Images[new CachedImage(Name(name), 100)] = false;
        }
    }

    private void Use(ImageCache cache, params string[] names)
    {
        foreach (string name in names)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            cache.Hold(Name(name)).Dispose();
        }
    }

    private IEnumerable<string> Left() => engine.Images.Keys.Select(static image => image.Reference).Order(StringComparer.Ordinal);

    private static string Name(string name) => $"{Registry}/{name}@sha256:1";
}
