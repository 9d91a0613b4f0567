using System.Globalization;
using Dweb.Durable.Storage;
using Dweb.Durable.Tests.Fixtures;

namespace Dweb.Durable.Tests.Hub;

/// <summary>A real process on a real storage is killed, or stands still, at a write; the next one must come to what would have come without.</summary>
[Trait("Category", "Integration")]
public sealed class KillTests(Azurite azurite) : HubTest(azurite)
{
    private const int AtATime = 4;
    private static readonly int Seed = Environment.GetEnvironmentVariable("DWEB_SEED") is { Length: > 0 } given ? int.Parse(given, CultureInfo.InvariantCulture) : Environment.TickCount;

    [Fact]
    public Task Twenty_random_writes_may_be_the_last() => KillAtAsync(20);

    [Fact(Explicit = true)]
    public Task Two_hundred_random_writes_may_be_the_last() => KillAtAsync(200);

    // Side by side, for each waits until a lease has run out.
    [Fact]
    public Task An_owner_that_stands_still_past_its_lease_changes_nothing_when_it_comes_to() => Task.WhenAll(StandStillAsync(afterWriting: false), StandStillAsync(afterWriting: true));

    private async Task KillAtAsync(int points)
    {
        TestContext.Current.SendDiagnosticMessage($"Kill points: {points}, seed {Seed} (DWEB_SEED).");
        var writes = await CountAsync();
        var random = new Random(Seed);
        var chosen = Enumerable.Range(0, points).Select(_ => (Write: random.Next(1, writes + 1), AfterWriting: random.Next(2) == 1)).ToArray();
        await Parallel.ForEachAsync(chosen, new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = Ct }, async (point, ct) =>
        {
            using var scene = new Scene(Storage);
            var when = $"seed {Seed}: killed at write {point.Write}, {(point.AfterWriting ? "after" : "before")} it";
            using var first = scene.Start(useLock: true, point.Write, point.AfterWriting);
            if (await first.SaysAsync(ct) == "AT")
            {
                await first.KillAsync(ct);
                using var second = scene.Start(useLock: true);
                Assert.StartsWith("DONE", await second.SaysAsync(ct), StringComparison.Ordinal);
                await second.ExitsAsync(ct);
            }
            await scene.AssertWholeAsync(when, ct);
        });
    }

    private async Task StandStillAsync(bool afterWriting)
    {
        using var scene = new Scene(Storage);
        // Both have only the lease to go by, as on two machines.
        using var old = scene.Start(useLock: false, write: 12, afterWriting: afterWriting);
        Assert.Equal("AT", await old.SaysAsync(Ct));
        old.Pause();
        using var next = scene.Start(useLock: false);
        Assert.StartsWith("DONE", await next.SaysAsync(Ct), StringComparison.Ordinal);
        await next.ExitsAsync(Ct);
        var before = await scene.RowsAsync(Ct);

        old.GoOn();
        old.Continue();

        Assert.Equal("LOST", await old.SaysAsync(Ct));
        Assert.Equal(3, await old.ExitsAsync(Ct));
        await scene.AssertWholeAsync("after a pause", Ct);
        Assert.Equal(before, await scene.RowsAsync(Ct));
    }

    private async Task<int> CountAsync()
    {
        using var scene = new Scene(Storage);
        using var whole = scene.Start(useLock: true);
        var done = await whole.SaysAsync(Ct);
        await whole.ExitsAsync(Ct);
        await scene.AssertWholeAsync("without a death", Ct);
        return int.Parse(done.Split(' ')[1], CultureInfo.InvariantCulture);
    }

    /// <summary>A hub's storage, lock and effects, which outlive its processes.</summary>
    private sealed class Scene(Azurite azurite) : IDisposable
    {
        private static int _scenes;
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dweb-kill-");
        private readonly string _hub = $"K{Environment.ProcessId}x{Interlocked.Increment(ref _scenes)}";

        private AzureHubStore Store => new(_hub, azurite.Tables, azurite.Blobs);

        private string Effects => _folder.CreateSubdirectory("effects").FullName;

        public HubProcess Start(bool useLock, int write = 0, bool afterWriting = false) =>
            new(azurite.Connection, _hub, useLock ? _folder.CreateSubdirectory("locks").FullName : null, Effects, write, afterWriting);

        public async Task AssertWholeAsync(string when, CancellationToken ct)
        {
            Assert.True(Directory.GetFiles(Effects).Length == CrashProgram.Effects, $"{when}: {string.Join(' ', Directory.GetFiles(Effects).Select(Path.GetFileName))}");
            foreach (var (id, output) in ((string, string)[])[("parent", CrashProgram.ParentOutput), ("receiver", CrashProgram.ReceiverOutput)])
            {
                var row = InstanceRow.From((await Store.GetAsync(HubTable.Instances, RowKeys.Escape(id), RowKeys.Instance, ct))!);
                Assert.True(row is { Status: OrchestrationStatus.Completed } && row.Output == output, $"{when}: {id} is {row.Status} with {row.Output}");
                await CrashMatrixTests.AssertHistoryAsync(Store, id, when);
            }
            Assert.False(await Store.QueryAsync(HubTable.Live, "", ct).AnyAsync(ct), when);
        }

        /// <summary>Every row with its version.</summary>
        public async Task<IReadOnlyList<string>> RowsAsync(CancellationToken ct) =>
            await Store.QueryAsync(HubTable.Instances, "", ct).Select(row => $"{row.PartitionKey} {row.RowKey} {row.ETag}").ToListAsync(ct);

        public void Dispose() => _folder.Delete(recursive: true);
    }
}
