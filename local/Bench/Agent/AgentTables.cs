using System.Globalization;
using Dweb.Local.Terminal;
using Spectre.Console;

namespace Dweb.Local.Bench.Agent;

/// <summary>What was measured of an agent, beside what is aimed at.</summary>
internal static class AgentTables
{
    public static void Show(Screen screen, IReadOnlyList<AgentPair> pairs, int replicas, IReadOnlyList<AgentRush> rushes, AgentRest rest, IReadOnlyList<long> restarts)
    {
        var (assignment, engine) = (Median(pairs.Select(static pair => pair.AssignmentMs)), Median(pairs.Select(static pair => (double)pair.EngineMs)));
        var one = Begin(string.Create(CultureInfo.InvariantCulture, $"one lease, medians of {pairs.Count}"), "ms", "lease / this", "goal");
        one.AddRow("assignment until the engine says Running", Tenths(assignment), "", "");
        one.AddRow("the engine's create and start, by API", Tenths(engine), Ratio(assignment, engine), "1.15");
        screen.Table(one);

        var leases = Median(rushes.Select(static rush => rush.LeasesMs));
        var many = Begin(string.Create(CultureInfo.InvariantCulture, $"{replicas} leases at once, medians of {rushes.Count}"), "ms", "leases / this", "goal");
        many.AddRow("first assignment until the engine says Running of the last", Tenths(leases), "", "");
        foreach (var (name, ms, goal) in ((string, double, string)[])
                 [
                     ("engine alone, by API, four at a time", Median(rushes.Select(static rush => (double)rush.Engine)), "1.20"),
                     ("Docker Swarm until all replicas run", Median(rushes.Select(static rush => (double)rush.Swarm)), "0.60"),
                     ("Docker Swarm's service create", Median(rushes.Select(static rush => (double)rush.Converged)), ""),
                 ])
        {
            many.AddRow(name, Tenths(ms), Ratio(leases, ms), goal);
        }

        screen.Table(many);

        var idle = Begin(string.Create(CultureInfo.InvariantCulture, $"an agent with {rest.Containers} containers that do nothing"), "measured", "goal");
        idle.AddRow("% of a core", rest.CpuPercent.ToString("0.00", CultureInfo.InvariantCulture), "1");
        idle.AddRow("MiB resident", Tenths(rest.ResidentMib), "80");
        idle.AddRow("of which memory of its own, without files", Tenths(rest.OwnMib), "");
        idle.AddRow(string.Create(CultureInfo.InvariantCulture, $"ms from its start to its first heartbeat, median of {restarts.Count}"), BenchResult.Median(restarts).ToString(CultureInfo.InvariantCulture), "1000");
        screen.Table(idle);
    }

    private static Table Begin(string title, params IReadOnlyList<string> figures)
    {
        var table = new Table().AddColumn(title);
        foreach (var figure in figures)
        {
            table.AddColumn(new TableColumn(figure).RightAligned());
        }

        return table;
    }

    private static double Median(IEnumerable<double> values) => BenchResult.Median(values.Select(static value => (long)(value * 1000))) / 1000.0;

    private static string Tenths(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);

    private static string Ratio(double ours, double other) => (ours / other).ToString("0.00", CultureInfo.InvariantCulture);
}
