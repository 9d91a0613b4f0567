using System.Numerics;
using Dweb.Core.Protocol;

namespace Dweb.Cli.Story;

/// <summary>One thing that happened to a deployment.</summary>
/// <param name="AtMs">Unix milliseconds: of the block, or of the control plane's clock.</param>
/// <param name="Source">chain or control-plane.</param>
/// <param name="Kind">Stable, lower case with dashes.</param>
/// <param name="Replica">As web-0; null where it is about the whole order.</param>
/// <param name="Text">A sentence without the name of the replica.</param>
/// <param name="Settled">What was paid, of a settlement.</param>
internal sealed record StoryLine(
    long AtMs, string Source, string Kind, string? Replica, string Text, ulong? Block = null, Hash32? Transaction = null, SettledPart? Settled = null);

/// <param name="Seconds">Paid for by this settlement, as the amounts in wei.</param>
internal sealed record SettledPart(uint Seconds, BigInteger Host, BigInteger Royalty, BigInteger Fee)
{
    public static SettledPart operator +(SettledPart a, SettledPart b) => new(a.Seconds + b.Seconds, a.Host + b.Host, a.Royalty + b.Royalty, a.Fee + b.Fee);

    public string Words() => $"{Seconds} s, host {Amount.FormatGrouped(Host)}, code {Amount.FormatGrouped(Royalty)}, protocol {Amount.FormatGrouped(Fee)} DWEB";
}

/// <summary>A story as people read it.</summary>
internal static class StoryDigest
{
    /// <summary>Settlements that follow each other without anything in between are one line: they come with every epoch.</summary>
    public static IReadOnlyList<StoryLine> Fold(IEnumerable<StoryLine> story)
    {
        var told = new List<StoryLine>();
        var run = new List<StoryLine>();
        foreach (var line in story)
        {
            if (line.Settled is not null)
            {
                run.Add(line);
                continue;
            }

            Close(told, run);
            told.Add(line);
        }

        Close(told, run);
        return told;
    }

    private static void Close(List<StoryLine> told, List<StoryLine> run)
    {
        if (run.Count > 0)
        {
            var replicas = run.GroupBy(static line => line.Replica).ToList();
            int times = run.Select(static line => line.Transaction).Distinct().Count();
            string each = string.Join("; ", replicas.Select(static r => $"{r.Key} {r.Select(static line => line.Settled!).Aggregate(static (a, b) => a + b).Words()}"));
            told.Add(run[^1] with { Replica = null, Text = $"{(times == 1 ? "a settlement pays" : $"{times} settlements pay")} {each}" });
            run.Clear();
        }
    }
}
