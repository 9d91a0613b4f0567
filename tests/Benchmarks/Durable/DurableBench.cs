using Dweb.Durable.Tests.Fixtures;
using Spectre.Console;

namespace Dweb.Benchmarks.Durable;

/// <param name="SequencesASecond">Orchestrations of five calls in sequence.</param>
/// <param name="FanOut">One orchestration of a thousand calls at once.</param>
internal sealed record Speed(double SequencesASecond, TimeSpan FanOut);

/// <summary>All figures of a run; of the hub on the emulator and in memory, and of the peer.</summary>
internal sealed record DurableFigures(
    int Crowd, Speed OnStorage, Speed InMemory, PeerFigures Peer, CrowdMemory Memory, CrowdRecovery Recovery, CrowdRecovery RecoveryInMemory, TransactionCount Transactions, IReadOnlyList<(int Events, TimeSpan Took)> Replays);

/// <summary><c>durable</c>: orchestrations on Azurite, in memory, and on the peer, one after the other.</summary>
internal static class DurableBench
{
    private const int SequencesOnStorage = 500;
    private const int SequencesInMemory = 5_000;
    public const int FanOutCalls = 1_000;
    private const int TableWidth = 160;
    private static readonly int[] Histories = [1_000, 2_500, 5_000, 10_000];

    /// <param name="crowd">Instances that wait at once.</param>
    public static async Task RunAsync(int crowd)
    {
        // Tables are read from files as often as from a terminal, and in those no line may break.
        AnsiConsole.Profile.Width = TableWidth;
        await using var azurite = new Azurite();
        await Say("Azurite", azurite.WhenReadyAsync());
        DurableTables.Show(new DurableFigures(
            crowd,
            await Say("work on Azurite", OnStorageAsync(azurite)),
            await Say("work in memory", InMemoryAsync()),
            await Say("work on the peer", Peer.MeasureAsync(SequencesInMemory, FanOutCalls, crowd, Histories)),
            await Say("memory of waiting instances", Crowd.MemoryAsync(crowd)),
            await Say("recovery after a kill", Crowd.RecoverAsync(azurite.Connection, crowd)),
            await Say("the same in memory", Crowd.RecoverInMemoryAsync(crowd)),
            await Say("transactions at a proxy", Transactions.CountAsync(azurite)),
            await Say("replay", Task.Run(() => Histories.Select(events => (events, Replay.Measure(events))).ToList()))));
    }

    private static async Task<Speed> OnStorageAsync(Azurite azurite)
    {
        await using var hub = await MeasuredHub.OnStorageAsync(azurite.Connection, MeasuredHub.NewName());
        await Work.SequencesAsync(hub, "warm", 50);
        return new(await Work.SequencesAsync(hub, "s", SequencesOnStorage), await Work.FanOutAsync(hub, "fan", FanOutCalls));
    }

    private static async Task<Speed> InMemoryAsync()
    {
        await using var hub = await MeasuredHub.InMemoryAsync(new MemoryStore());
        await Work.SequencesAsync(hub, "warm", 500);
        return new(await Work.SequencesAsync(hub, "s", SequencesInMemory), await Work.FanOutAsync(hub, "fan", FanOutCalls));
    }

    private static async Task Say(string what, Task work)
    {
        Console.WriteLine($"measuring: {what}");
        await work;
    }

    private static async Task<T> Say<T>(string what, Task<T> work)
    {
        Console.WriteLine($"measuring: {what}");
        return await work;
    }
}
