using Dweb.Durable.Storage;
using Dweb.Durable.Tests.Fixtures;
using Microsoft.Extensions.Logging;

namespace Dweb.Durable.Tests.Hub;

/// <summary>The storage goes away in the middle and comes back.</summary>
[Trait("Category", "Integration")]
public sealed class OutageTests(Azurite azurite) : HubTest(azurite)
{
    private const int Instances = 40;
    private const int Steps = 12;
    private static readonly OrchestrationDefinition<int, int> Main = Defs.IntToInt("Main");

    [Fact]
    public Task A_short_outage_loses_nothing_and_is_told_once() => OutageAsync(TimeSpan.FromSeconds(3));

    [Fact(Explicit = true)]
    public Task An_outage_of_thirty_seconds_loses_nothing_and_is_told_once() => OutageAsync(TimeSpan.FromSeconds(30));

    private async Task OutageAsync(TimeSpan length)
    {
        await using var tables = new TcpGate(Storage.TablePort);
        await using var blobs = new TcpGate(Storage.BlobPort);
        var log = new CollectedLog();
        var calls = 0;
        var harness = Harness(
            new OrchestrationRegistry()
                .AddActivity(Defs.Double, async (_, n, ct) =>
                {
                    Interlocked.Increment(ref calls);
                    await Task.Delay(20, ct);
                    return 2 * n;
                })
                .AddOrchestration(Main, async (context, n) =>
                {
                    var sum = 0;
                    for (var i = 0; i < Steps; i++)
                    {
                        sum += await context.CallAsync(Defs.Double, n);
                        await context.CreateTimerAsync(TimeSpan.FromMilliseconds(10));
                    }
                    return sum + await context.WaitForEventAsync(Defs.Number);
                }),
            connection: Azurite.ConnectionThrough(tables.Port, blobs.Port), logger: log, leaseDuration: TimeSpan.FromSeconds(60));
        var hub = await harness.StartAsync();
        for (var i = 0; i < Instances; i++)
        {
            await hub.StartAsync(Main, $"i{i}", i, Ct);
        }
        await UntilAsync(() => Task.FromResult(Volatile.Read(ref calls) > Instances * 2));

        await Task.WhenAll(tables.CutAsync(), blobs.CutAsync());
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => hub.RaiseEventAsync("i0", Defs.Number, 1, "e", Ct));
        Assert.True(StorageFault.IsOutage(refused), refused.ToString());
        await Task.Delay(length, Ct);
        Assert.True(Volatile.Read(ref calls) < Instances * Steps, "everything was done before the outage");
        tables.Open();
        blobs.Open();

        for (var i = 0; i < Instances; i++)
        {
            await hub.RaiseEventAsync($"i{i}", Defs.Number, 1, "e", Ct);
        }
        for (var i = 0; i < Instances; i++)
        {
            Assert.Equal($"{(2 * i * Steps) + 1}", (await hub.WaitForCompletionAsync($"i{i}", Ct)).Output);
        }
        Assert.Collection(
            log.Lines.Where(static line => line.Level >= LogLevel.Warning),
            static line => Assert.StartsWith("The storage does not answer;", line.Text, StringComparison.Ordinal),
            static line => Assert.StartsWith("The storage answers again after", line.Text, StringComparison.Ordinal));
    }

    private sealed class CollectedLog : ILogger
    {
        private readonly List<(LogLevel Level, string Text)> _lines = [];

        public IReadOnlyList<(LogLevel Level, string Text)> Lines
        {
            get
            {
                lock (_lines)
                {
                    return [.. _lines];
                }
            }
        }

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_lines)
            {
                _lines.Add((logLevel, formatter(state, exception)));
            }
        }
    }
}
