using Dweb.Agent.Leases;
using Dweb.Agent.Metering;
using Dweb.Agent.State;
using Dweb.Agent.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dweb.Agent.Tests.State;

public sealed class LeaseStoreTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly CancellationToken cancel = TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_record_comes_back_as_it_was()
    {
        var record = Record() with
        {
            Stage = LeaseStage.Started,
            Meter = MeterState.Zero with { Memory = UInt128.MaxValue, Cpu = new ResettingCounter(UInt128.One << 70, 5), Clock = new RunClock(1, 2, DateTimeOffset.UnixEpoch, 3) },
        };
        await Store().SaveAsync(record, cancel);
        Assert.Equal(record, Assert.Single(await Store().LoadAsync(cancel)));
    }

    [Fact]
    public async Task A_write_that_was_cut_short_leaves_the_old_record()
    {
        await Store().SaveAsync(Record(), cancel);
        string path = Directory.EnumerateFiles(folder.Path).Single();
        await File.WriteAllTextAsync(path + AtomicFile.TemporarySuffix, "{\"leaseId\":", cancel);
        Assert.Equal(Record(), Assert.Single(await Store().LoadAsync(cancel)));
        await Store().SaveAsync(Record() with { Code = "x" }, cancel);
        Assert.Equal("x", Assert.Single(await Store().LoadAsync(cancel)).Code);
    }

    [Fact]
    public async Task A_damaged_record_is_set_aside_and_the_others_are_read()
    {
        await Store().SaveAsync(Record(), cancel);
        string damaged = folder.File(new string('a', 64) + ".json");
        await File.WriteAllTextAsync(damaged, "{", cancel);
        Assert.Single(await Store().LoadAsync(cancel));
        Assert.True(File.Exists(damaged + ".damaged"));
        Assert.Single(await Store().LoadAsync(cancel));
    }

    [Fact]
    public async Task Readers_never_see_half_a_file()
    {
        string path = folder.File("file");
        byte[] a = [.. Enumerable.Repeat((byte)'a', 100_000)];
        byte[] b = [.. Enumerable.Repeat((byte)'b', 50_000)];
        await AtomicFile.WriteAsync(path, a, cancel);
        var writing = Task.Run(
            async () =>
            {
                for (int i = 0; i < 50; i++)
                {
                    await AtomicFile.WriteAsync(path, i % 2 == 0 ? b : a, cancel);
                }
            },
            cancel);
        while (!writing.IsCompleted)
        {
            byte[] read = await File.ReadAllBytesAsync(path, cancel);
            Assert.True(read.AsSpan().SequenceEqual(a) || read.AsSpan().SequenceEqual(b));
        }

        await writing;
    }

    private LeaseStore Store() => new(folder.Path, NullLogger<LeaseStore>.Instance);

    private static LeaseRecord Record() => LeaseRecord.For(Given.Assignment());
}
