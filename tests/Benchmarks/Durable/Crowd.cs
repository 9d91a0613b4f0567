using System.Diagnostics;
using Dweb.Durable;
using Dweb.Durable.Tests.Fixtures;

namespace Dweb.Benchmarks.Durable;

/// <param name="BytesEach">Managed memory of a waiting instance.</param>
/// <param name="BytesEachAfterLeaving">The same when all but a few have given up their history.</param>
internal sealed record CrowdMemory(long BytesEach, long BytesEachAfterLeaving);

/// <param name="Started">From the start of the new hub until it takes work.</param>
/// <param name="FirstAnswer">From then on until an orchestration of five calls is through, while the others come back.</param>
/// <param name="AllWait">From the start of the new hub until every instance waits for its timer again.</param>
internal sealed record CrowdRecovery(TimeSpan Started, TimeSpan FirstAnswer, TimeSpan AllWait);

/// <summary>Many instances that wait for a timer of a day.</summary>
internal static class Crowd
{
    /// <summary>What this program calls itself with to be killed.</summary>
    public const string Verb = "hold";
    private const string Ready = "READY";

    /// <summary>Starts so many and waits until all wait.</summary>
    public static async Task GatherAsync(EmbeddedHub hub, int count)
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (i, ct) => await hub.StartAsync(Workload.Waiting, $"w{i}", i, ct));
        await UntilAllWaitAsync(hub, count);
    }

    /// <summary>What the hub keeps of an instance; the storage is in memory too and is not counted.</summary>
    public static async Task<CrowdMemory> MemoryAsync(int count) => new(await BytesEachAsync(count, mostIdle: count), await BytesEachAsync(count, mostIdle: 1));

    /// <summary>Ends a hub in memory as a crash does, and starts another one on its rows.</summary>
    public static async Task<CrowdRecovery> RecoverInMemoryAsync(int count)
    {
        var store = new MemoryStore();
        await using (var first = await MeasuredHub.InMemoryAsync(store))
        {
            await GatherAsync(first, count);
        }

        return await RecoverAsync(() => MeasuredHub.InMemoryAsync(store), count);
    }

    /// <summary>Kills a process with so many waiting instances, and starts a hub on what it leaves.</summary>
    public static async Task<CrowdRecovery> RecoverAsync(string connection, int count)
    {
        var (name, locks) = (MeasuredHub.NewName(), Directory.CreateTempSubdirectory("dweb-bench-").FullName);
        await KillOneThatHoldsAsync(connection, name, locks, count);
        var recovery = await RecoverAsync(() => MeasuredHub.OnStorageAsync(connection, name, locks), count);
        Directory.Delete(locks, recursive: true);
        return recovery;
    }

    /// <summary>The process to be killed: says when all wait, and waits itself.</summary>
    public static async Task HoldAsync(string connection, string name, string locks, int count)
    {
        await using var hub = await MeasuredHub.OnStorageAsync(connection, name, locks);
        await GatherAsync(hub, count);
        Console.WriteLine(Ready);
        await Console.In.ReadToEndAsync();
    }

    private static async Task<CrowdRecovery> RecoverAsync(Func<Task<EmbeddedHub>> startAsync, int count)
    {
        var clock = Stopwatch.StartNew();
        await using var hub = await startAsync();
        var started = clock.Elapsed;
        await Work.SequencesAsync(hub, "first", 1);
        var answered = clock.Elapsed;
        await UntilAllWaitAsync(hub, count);
        return new(started, answered - started, clock.Elapsed);
    }

    private static async Task KillOneThatHoldsAsync(string connection, string name, string locks, int count)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Crowd).Assembly.Location, Verb, connection, name, locks, $"{count}"]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        if (await process.StandardOutput.ReadLineAsync() != Ready)
        {
            throw new InvalidOperationException("The process that was to be killed ended by itself.");
        }

        process.Kill();
        await process.WaitForExitAsync();
    }

    private static async Task<long> BytesEachAsync(int count, int mostIdle)
    {
        var store = new MemoryStore();
        var (withHub, hub) = await UsedWithHubAsync(store, count, mostIdle);
        // What still runs when a hub ends keeps it alive for a moment.
        while (hub.IsAlive)
        {
            await Task.Delay(50);
            GC.Collect();
        }

        var withoutHub = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(store);
        return (withHub - withoutHub) / count;
    }

    private static async Task<(long Used, WeakReference Hub)> UsedWithHubAsync(MemoryStore store, int count, int mostIdle)
    {
        await using var hub = await MeasuredHub.InMemoryAsync(store, mostIdle);
        await GatherAsync(hub, count);
        while (hub.HistoriesInMemory > mostIdle)
        {
            await Task.Delay(5);
        }

        return (GC.GetTotalMemory(forceFullCollection: true), new WeakReference(hub));
    }

    private static async Task UntilAllWaitAsync(EmbeddedHub hub, int count)
    {
        while (hub.TimersAhead < count)
        {
            await Task.Delay(5);
        }
    }
}
