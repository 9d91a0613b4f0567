using System.Globalization;
using Spectre.Console;

namespace Dweb.Benchmarks.Durable;

/// <summary>The figures as a person reads them.</summary>
internal static class DurableTables
{
    public static void Show(DurableFigures figures)
    {
        Work(figures);
        Replays(figures);
        Requests(figures.Transactions);
        Recovery(figures);
    }

    private static void Work(DurableFigures f)
    {
        var table = Columns("work", "hub on Azurite", "hub in memory", "peer in memory", "hub / peer in memory");
        table.AddRow(
            $"orchestrations of {Workload.Calls} calls a second", Text(f.OnStorage.SequencesASecond), Text(f.InMemory.SequencesASecond), Text(f.Peer.SequencesASecond),
            Ratio(f.InMemory.SequencesASecond / f.Peer.SequencesASecond));
        table.AddRow(
            Invariant($"fan-out of {DurableBench.FanOutCalls:N0} calls, ms"), Ms(f.OnStorage.FanOut), Ms(f.InMemory.FanOut), Text(f.Peer.FanOutMs),
            Ratio(f.InMemory.FanOut.TotalMilliseconds / f.Peer.FanOutMs));
        table.AddRow(Invariant($"bytes an instance, {f.Crowd:N0} on a timer"), "", Text(f.Memory.BytesEach), Text(f.Peer.BytesEach), Ratio(f.Memory.BytesEach / f.Peer.BytesEach));
        table.AddRow("the same, history not in memory", "", Text(f.Memory.BytesEachAfterLeaving), "", "");
        AnsiConsole.Write(table);
    }

    private static void Replays(DurableFigures f)
    {
        var table = Columns("events in the history", "replay, ms", "peer's executor, ms", "worker / peer");
        foreach (var ((events, took), peer) in f.Replays.Zip(f.Peer.ReplayMs))
        {
            table.AddRow(Invariant($"{events:N0}"), Invariant($"{took.TotalMilliseconds:0.0}"), Invariant($"{peer:0.0}"), Ratio(took.TotalMilliseconds / peer));
        }

        AnsiConsole.Write(table);
    }

    private static void Requests(TransactionCount count)
    {
        var table = Columns("requests of the storage", "number", "a work item", "an orchestration");
        foreach (var (kind, number) in count.ByKind.OrderByDescending(k => k.Value))
        {
            Row(kind, number);
        }

        Row("all", count.ByKind.Values.Sum());
        AnsiConsole.Write(table);
        Console.WriteLine(Invariant($"{count.WorkItems:N0} work items of {count.Orchestrations} orchestrations of {Workload.Calls} calls in sequence; each is started and queried by the caller too"));

        void Row(string kind, int number) =>
            table.AddRow(Markup.Escape(kind), Text(number), Invariant($"{(double)number / count.WorkItems:0.00}"), Invariant($"{(double)number / count.Orchestrations:0.00}"));
    }

    private static void Recovery(DurableFigures f)
    {
        var table = Columns(Invariant($"after a kill with {f.Crowd:N0} live instances"), "on Azurite, ms", "in memory, ms");
        Row("a new hub takes work", r => r.Started);
        Row($"from then on, an orchestration of {Workload.Calls} calls is through", r => r.FirstAnswer);
        Row("every instance waits for its timer again", r => r.AllWait);
        AnsiConsole.Write(table);

        void Row(string what, Func<CrowdRecovery, TimeSpan> figure) => table.AddRow(what, Ms(figure(f.Recovery)), Ms(figure(f.RecoveryInMemory)));
    }

    private static Table Columns(string first, params string[] others)
    {
        var table = new Table().AddColumn(Markup.Escape(first));
        Array.ForEach(others, other => table.AddColumn(new TableColumn(Markup.Escape(other)).RightAligned()));
        return table;
    }

    private static string Ms(TimeSpan time) => Text(time.TotalMilliseconds);

    private static string Text(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Ratio(double value) => value.ToString("0.00#", CultureInfo.InvariantCulture);

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
