using System.Numerics;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;

namespace Dweb.Cli.Commands;

/// <summary>A quote as people read it: where and why there, and what host, code and protocol get for which resource.</summary>
internal static class QuoteTables
{
    private const int MonthSeconds = 30 * 86_400;

    /// <summary>A resource as people name it, and the unit in which it is reserved.</summary>
    private static readonly Dictionary<string, (string Name, string Unit)> Resources = new(StringComparer.Ordinal)
    {
        ["cpu"] = ("CPU", "mCPU"), ["memory"] = ("memory", "MiB"), ["storage"] = ("storage", "MiB"), ["bandwidth"] = ("bandwidth", "Mbit/s"), ["transfer"] = ("transfer", "GiB"),
    };

    public static void Print(QuoteResult view, Action<IReadOnlyList<string>, IEnumerable<IReadOnlyList<string>>> table)
    {
        table(["SERVICE", "IMAGE", "DIGEST", "PUBLISHER"], view.Images.Select(static i => (string[])[i.Service, i.Image, i.Digest, i.Publisher.ToString()]));
        if (view.Replicas.Count > 0)
        {
            table(["REPLICA", "COE", "REGION", "CHOICE"], view.Replicas.Select(r => (string[])[NameOf(view, r), r.CoeName, r.Region, Choice(r)]));
            table(["IN 30 DAYS", "RESOURCE", ">RESERVED", ">HOST DWEB", ">CODE DWEB", ">PROTOCOL DWEB", ">TOTAL DWEB"], view.Replicas
                .GroupBy(static r => (r.Service, string.Join(' ', r.Resources)))
                .SelectMany(group => Lines(Names(group.Select(r => NameOf(view, r))), group.First())));
            table(["ALL REPLICAS", ">DWEB"], Sums(view));
            if (view.Replicas.Any(static r => r.Able > 1))
            {
                table(["Between COEs that are equally good the order's own hash decides, which is known once it is signed."], []);
            }
        }

        if (view.Problems.Count > 0)
        {
            table(["NOT PLACED", "WHY"], view.Problems.Select(p => (string[])[$"{view.Images[p.Service].Service}-{p.Replica}", p.Message]));
        }
    }

    /// <summary>Wei for thirty days of running and the allowance of data transfer.</summary>
    public static BigInteger Month(QuotedReplica replica) => replica.Resources.Aggregate(BigInteger.Zero, static (sum, r) => sum + Month(r, r.Host + r.Royalty + r.Fee));

    /// <summary>Whether it is the cheapest, and what that one would cost.</summary>
    public static string Choice(QuotedReplica replica) => replica switch
    {
        { Able: 1 } => $"the only one of {replica.Considered} that can take it",
        _ when replica.Coe == replica.Cheapest.Coe => $"the cheapest of {replica.Able} that can take it",
        _ when replica.Total == replica.Cheapest.Total => $"as cheap as any of {replica.Able} that can take it",
        _ => $"one of {replica.Able} that can take it, to spread replicas, regions and load; {replica.Cheapest.CoeName} is the cheapest, "
            + $"{Amount.FormatGrouped(replica.Total - replica.Cheapest.Total)} DWEB less in all",
    };

    private static IEnumerable<string[]> Lines(string name, QuotedReplica replica)
    {
        foreach (var r in replica.Resources.Where(static r => r.Reserved > 0))
        {
            var (resource, unit) = Resources.GetValueOrDefault(r.Resource, (r.Resource, ""));
            yield return Line(name, resource, $"{r.Reserved} {unit}", Month(r, r.Host), Month(r, r.Royalty), Month(r, r.Fee));
            name = "";
        }

        BigInteger Sum(Func<QuotedResource, BigInteger> part) => replica.Resources.Aggregate(BigInteger.Zero, (sum, r) => sum + Month(r, part(r)));
        yield return Line(name, "all", "", Sum(static r => r.Host), Sum(static r => r.Royalty), Sum(static r => r.Fee));
    }

    private static string[] Line(string name, string resource, string reserved, BigInteger host, BigInteger code, BigInteger protocol) =>
    [
        name, resource, reserved, Amount.FormatGrouped(host), Amount.FormatGrouped(code), Amount.FormatGrouped(protocol), Amount.FormatGrouped(host + code + protocol),
    ];

    private static IEnumerable<string[]> Sums(QuoteResult view)
    {
        yield return ["a second", Amount.FormatGrouped(view.PerSecond)];
        yield return ["30 days, data transfer used up", Amount.FormatGrouped(view.PerMonth)];
        yield return [$"the whole duration of {view.Duration} s, data transfer used up", Amount.FormatGrouped(view.Total)];
        if (!view.Reserve.IsZero)
        {
            yield return ["held beside it for storage, given back", Amount.FormatGrouped(view.Reserve)];
        }
    }

    // The allowance of data transfer is a stock of the lease, whatever the time.
    private static BigInteger Month(QuotedResource resource, BigInteger amount) => resource.Resource == "transfer" ? amount : amount * MonthSeconds;

    // Replicas that cost the same are told once.
    private static string Names(IEnumerable<string> replicas)
    {
        string[] all = [.. replicas];
        return all.Length switch
        {
            1 => all[0],
            <= 3 => string.Join(", ", all) + ", each",
            _ => $"{all[0]} and {all.Length - 1} more, each",
        };
    }

    private static string NameOf(QuoteResult view, QuotedReplica replica) => $"{view.Images[replica.Service].Service}-{replica.Replica}";
}
