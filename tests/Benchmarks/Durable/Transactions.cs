using Dweb.Durable.Tests.Fixtures;
using Microsoft.AspNetCore.Http;

namespace Dweb.Benchmarks.Durable;

/// <param name="WorkItems">That were done.</param>
/// <param name="Orchestrations">That they belong to.</param>
/// <param name="ByKind">Requests of the tables and blobs, by what they are for.</param>
internal sealed record TransactionCount(int WorkItems, int Orchestrations, IReadOnlyDictionary<string, int> ByKind)
{
    /// <summary>What commits work items.</summary>
    public const string Commits = "commits (one transaction of many rows)";
}

/// <summary>Counts what a hub asks of its storage, at a proxy in front of it.</summary>
internal static class Transactions
{
    private const int Orchestrations = 200;

    public static async Task<TransactionCount> CountAsync(Azurite azurite)
    {
        await using var tables = await CountingProxy.StartAsync(azurite.TablePort, KindOfTables);
        await using var blobs = await CountingProxy.StartAsync(azurite.BlobPort, static request => $"{request.Method} of a blob (lease, large texts)");
        await using var hub = await MeasuredHub.OnStorageAsync(Azurite.ConnectionThrough(tables.Port, blobs.Port), MeasuredHub.NewName());
        await Work.SequencesAsync(hub, "warm", 1);
        _ = (tables.Take(), blobs.Take());
        await Work.SequencesAsync(hub, "counted", Orchestrations);
        await hub.StopAsync(CancellationToken.None);
        return new((Workload.Calls + 1) * Orchestrations, Orchestrations, tables.Take().Concat(blobs.Take()).ToDictionary());
    }

    private static string KindOfTables(HttpRequest request)
    {
        var path = request.Path.Value ?? "";
        var isLive = path.Contains("Live(", StringComparison.Ordinal);
        return path.EndsWith("$batch", StringComparison.Ordinal) ? TransactionCount.Commits
            : isLive ? $"{request.Method} of the live index"
            : $"{request.Method} of an instance's row";
    }
}
