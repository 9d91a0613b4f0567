using CsCheck;
using Dweb.Agent.Machine;
using Dweb.Agent.Tests.Support;
using Dweb.Agent.Usage;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Agent.Tests.Usage;

public sealed class UsageJournalTests : IDisposable
{
    private readonly CancellationToken cancel = TestContext.Current.CancellationToken;
    private readonly TemporaryFolder folder = new();
    private readonly LinesLogger<UsageJournal> log = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task What_was_signed_is_there_after_a_restart_and_goes_on_in_one_chain()
    {
        using (var journal = Open())
        {
            await journal.AppendAsync(100, [Entry(1, 10), Entry(2, 20)], cancel);
        }

        using (var journal = Open())
        {
            Assert.Equal(Entry(2, 20), journal.Signed(new LeaseHandle(2)));
            Assert.Null(journal.Signed(new LeaseHandle(3)));
            await journal.AppendAsync(101, [Entry(1, 11), Entry(2, 20)], cancel);
        }

        var reading = JournalReading.Of(Assert.Single(UsageJournal.FilesIn(folder.Path)));
        Assert.Equal([(1, 100UL, 10U), (2, 100UL, 20U), (3, 101UL, 11U)], reading.Lines.Select(static line => (line.Number, line.AsOf, line.Seconds)));
        Assert.Empty(log.Lines);
    }

    [Fact]
    public async Task Counters_that_did_not_change_are_written_once()
    {
        using var journal = Open();
        await journal.AppendAsync(100, [Entry(1, 10)], cancel);
        await journal.AppendAsync(101, [Entry(1, 10)], cancel);
        Assert.Single(await File.ReadAllLinesAsync(Assert.Single(UsageJournal.FilesIn(folder.Path)), cancel));
    }

    [Fact]
    public async Task Of_counters_that_were_signed_in_another_order_than_they_were_read_the_most_counts()
    {
        using (var journal = Open())
        {
            await journal.AppendAsync(101, [Entry(1, 11)], cancel);
            await journal.AppendAsync(101, [Entry(1, 10)], cancel);
            Assert.Equal(Entry(1, 11), journal.Signed(new LeaseHandle(1)));
        }

        using var again = Open();
        Assert.Equal(Entry(1, 11), again.Signed(new LeaseHandle(1)));
    }

    [Fact]
    public async Task A_line_that_a_power_cut_tore_is_cut_off_and_the_journal_goes_on()
    {
        using (var journal = Open())
        {
            await journal.AppendAsync(100, [Entry(1, 10)], cancel);
            await journal.AppendAsync(101, [Entry(1, 11)], cancel);
        }

        string path = Assert.Single(UsageJournal.FilesIn(folder.Path));
        byte[] whole = await File.ReadAllBytesAsync(path, cancel);
        int first = whole.AsSpan().IndexOf((byte)'\n') + 1;
        for (int cut = first + 1; cut < whole.Length; cut++)
        {
            await File.WriteAllBytesAsync(path, whole[..cut], cancel);
            using (var journal = Open())
            {
                Assert.Equal(Entry(1, 10), journal.Signed(new LeaseHandle(1)));
                await journal.AppendAsync(102, [Entry(1, 12)], cancel);
            }

            var reading = JournalReading.Of(path);
            Assert.Equal([10U, 12U], reading.Lines.Select(static line => line.Seconds));
            Assert.False(reading.IsChanged);
        }
    }

    [Fact]
    public async Task No_byte_of_it_can_be_changed_unseen()
    {
        using (var journal = Open())
        {
            await journal.AppendAsync(100, [Entry(1, 10), Entry(2, 20), Entry(1, 11)], cancel);
        }

        byte[] whole = await File.ReadAllBytesAsync(Assert.Single(UsageJournal.FilesIn(folder.Path)), cancel);
        Gen.Select(Gen.Int[0, whole.Length - 2], Gen.Byte).Sample((at, other) =>
        {
            byte[] changed = [.. whole];
            changed[at] = other;
            string path = folder.File($"{Guid.NewGuid()}.copy");
            File.WriteAllBytes(path, changed);
            var reading = JournalReading.Of(path);
            Assert.True(reading.IsChanged || changed.AsSpan().SequenceEqual(whole));
        }, iter: 300);
    }

    [Fact]
    public async Task A_journal_that_was_changed_is_set_aside_told_of_and_a_new_file_is_begun()
    {
        using (var journal = Open())
        {
            await journal.AppendAsync(100, [Entry(1, 10), Entry(2, 20)], cancel);
        }

        string path = Assert.Single(UsageJournal.FilesIn(folder.Path));
        string text = await File.ReadAllTextAsync(path, cancel);
        await File.WriteAllTextAsync(path, text.Replace("\"seconds\":20", "\"seconds\":90", StringComparison.Ordinal), cancel);
        using (var journal = Open())
        {
            Assert.Equal(Entry(1, 10), journal.Signed(new LeaseHandle(1)));
            Assert.Null(journal.Signed(new LeaseHandle(2)));
            await journal.AppendAsync(101, [Entry(2, 21)], cancel);
        }

        Assert.Contains(log.Lines, static line => line.Contains("changed in line 2", StringComparison.Ordinal));
        Assert.True(File.Exists(path + ".damaged"));
        using var again = Open();
        Assert.Equal(Entry(2, 21), again.Signed(new LeaseHandle(2)));
    }

    [Fact]
    [Trait("Category", "Integration")]
    public async Task What_did_not_fit_on_the_disk_is_not_half_there_and_the_journal_goes_on_when_there_is_room()
    {
        await HostTool.RunAsync("mount", ["-t", "tmpfs", "-o", "size=32k", "none", folder.Path], null, cancel);
        try
        {
            await File.WriteAllBytesAsync(folder.File("ballast"), new byte[24 * 1024], cancel);
            using (var journal = Open())
            {
                uint seconds = 0;
                await Assert.ThrowsAsync<IOException>(async () =>
                {
                    while (true)
                    {
                        await journal.AppendAsync(100, [Entry(1, ++seconds), Entry(2, seconds)], cancel);
                    }
                });
                File.Delete(folder.File("ballast"));
                await journal.AppendAsync(101, [Entry(1, 1_000)], cancel);
            }

            var reading = JournalReading.Of(Assert.Single(UsageJournal.FilesIn(folder.Path)));
            Assert.Equal((false, null), (reading.IsChanged, reading.TornAt));
            Assert.Equal(1_000U, reading.Lines[^1].Seconds);
            Assert.Equal(Enumerable.Range(1, reading.Lines.Count).Select(static number => (long)number), reading.Lines.Select(static line => line.Number));
        }
        finally
        {
            await HostTool.RunAsync("umount", [folder.Path], null, CancellationToken.None);
        }
    }

    [Fact]
    public async Task A_long_journal_is_not_read_through_at_each_start()
    {
        for (int begun = 1; begun <= 5; begun++)
        {
            using var journal = Open();
            await journal.AppendAsync(100, [Entry(begun, 10)], cancel);
            File.Move(folder.File("000000000000001.journal"), folder.File($"00000000000000{begun}.journal.kept"));
        }

        foreach (string kept in Directory.EnumerateFiles(folder.Path, "*.kept").Order(StringComparer.Ordinal))
        {
            File.Move(kept, kept[..^".kept".Length]);
        }

        using var last = Open();
        Assert.Null(last.Signed(new LeaseHandle(3)));
        Assert.Equal([Entry(4, 10), Entry(5, 10)], [last.Signed(new LeaseHandle(4)), last.Signed(new LeaseHandle(5))]);
    }

    private UsageJournal Open() => UsageJournal.Open(folder.Path, log);

    private static UsageEntry Entry(int lease, uint seconds) => new(new LeaseHandle((UInt128)lease), seconds, seconds, 1, 2, 3, 4);
}
