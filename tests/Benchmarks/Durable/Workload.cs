using System.Text.Json.Serialization;
using Dweb.Durable;

namespace Dweb.Benchmarks.Durable;

/// <summary>The orchestrations that are measured; the peer's program has the same ones in its own words.</summary>
internal static class Workload
{
    /// <summary>Calls in sequence of one <see cref="Five"/>; it takes one work item more.</summary>
    public const int Calls = 5;

    public static readonly OrchestrationDefinition<int, int> Five = new("Five", BenchJson.Default.Int32, BenchJson.Default.Int32);
    public static readonly OrchestrationDefinition<int, int> Fan = new("Fan", BenchJson.Default.Int32, BenchJson.Default.Int32);
    public static readonly OrchestrationDefinition<int, int> Waiting = new("Waiting", BenchJson.Default.Int32, BenchJson.Default.Int32);
    public static readonly OrchestrationDefinition<int, int> Long = new("Long", BenchJson.Default.Int32, BenchJson.Default.Int32);
    private static readonly ActivityDefinition<int, int> Increment = new("Increment", BenchJson.Default.Int32, BenchJson.Default.Int32);

    public static OrchestrationRegistry Registry() => new OrchestrationRegistry()
        .AddActivity(Increment, static (_, n, _) => Task.FromResult(n + 1))
        .AddOrchestration(Five, static (context, n) => InSequenceAsync(context, n, Calls))
        .AddOrchestration(Long, static (context, n) => InSequenceAsync(context, 0, n))
        .AddOrchestration(Fan, static async (context, n) => (await Task.WhenAll(Enumerable.Range(0, n).Select(i => context.CallAsync(Increment, i)))).Sum())
        .AddOrchestration(Waiting, static async (context, n) =>
        {
            await context.CreateTimerAsync(TimeSpan.FromDays(1));
            return n;
        });

    private static async Task<int> InSequenceAsync(OrchestrationContext context, int n, int calls)
    {
        for (var i = 0; i < calls; i++)
        {
            n = await context.CallAsync(Increment, n);
        }

        return n;
    }
}

[JsonSerializable(typeof(int))]
internal sealed partial class BenchJson : JsonSerializerContext;
