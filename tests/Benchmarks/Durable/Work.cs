using System.Diagnostics;
using Dweb.Durable;

namespace Dweb.Benchmarks.Durable;

/// <summary>How fast a hub gets through work.</summary>
internal static class Work
{
    private const int AtATime = 64;

    /// <summary>Starts orchestrations of five calls in sequence, 64 at a time, and waits for each to its end.</summary>
    /// <returns>Orchestrations a second.</returns>
    public static async Task<double> SequencesAsync(EmbeddedHub hub, string prefix, int count)
    {
        var clock = Stopwatch.StartNew();
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = AtATime }, async (i, ct) =>
        {
            await hub.StartAsync(Workload.Five, $"{prefix}{i}", i, ct);
            Require(await hub.WaitForCompletionAsync($"{prefix}{i}", ct), i + Workload.Calls);
        });
        return count / clock.Elapsed.TotalSeconds;
    }

    /// <summary>One orchestration that makes so many calls at once.</summary>
    public static async Task<TimeSpan> FanOutAsync(EmbeddedHub hub, string id, int calls)
    {
        var clock = Stopwatch.StartNew();
        await hub.StartAsync(Workload.Fan, id, calls, CancellationToken.None);
        Require(await hub.WaitForCompletionAsync(id, CancellationToken.None), calls * (calls + 1) / 2);
        return clock.Elapsed;
    }

    private static void Require(OrchestrationState state, int result)
    {
        // A figure for work that went wrong would mean nothing.
        if (state.Output != $"{result}")
        {
            throw new InvalidOperationException($"{state.InstanceId} is {state.Status} with {state.Output}, not {result}.");
        }
    }
}
