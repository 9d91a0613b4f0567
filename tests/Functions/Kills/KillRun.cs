using System.Collections.Concurrent;
using System.Globalization;

namespace Dweb.Functions.Tests.Kills;

/// <summary>Tells a story once with nobody killed, and then again for each chosen point at which somebody can be.</summary>
/// <param name="raise">Makes a theatre of its own.</param>
internal sealed class KillRun(Func<Theatre> raise) : IAsyncDisposable
{
    /// <summary>A story is mostly waiting, so several of them share a machine.</summary>
    private const int MostTheatres = 3;
    private static readonly int Seed = Environment.GetEnvironmentVariable("DWEB_SEED") is { Length: > 0 } given ? int.Parse(given, CultureInfo.InvariantCulture) : Environment.TickCount;
    private readonly List<Theatre> theatres = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var theatre in theatres)
        {
            await theatre.DisposeAsync();
        }
    }

    /// <param name="atMost">How many points are tried, chosen by chance where there are more.</param>
    /// <returns>All points that the rehearsal came by.</returns>
    public async Task<IReadOnlyList<KillPoint>> KillAsync(int atMost, CancellationToken cancellationToken)
    {
        theatres.Add(raise());
        var points = await theatres[0].RehearseAsync(cancellationToken);
        var random = new Random(Seed);
        KillPoint[] chosen = atMost < points.Count ? [.. points.OrderBy(_ => random.Next()).Take(atMost)] : [.. points];
        TestContext.Current.SendDiagnosticMessage(
            $"{points.Count} kill points, {chosen.Length} tried ({string.Join(", ", (IEnumerable<KillPoint>)chosen)}), seed {Seed} (DWEB_SEED).");
        while (chosen.Length > MostTheatres && theatres.Count < MostTheatres)
        {
            theatres.Add(raise());
        }

        int reached = 0;
        var left = new ConcurrentQueue<KillPoint>(chosen);
        await Task.WhenAll(theatres.Select(async theatre =>
        {
            while (left.TryDequeue(out var point))
            {
                if (await theatre.TellAsync(point, cancellationToken))
                {
                    Interlocked.Increment(ref reached);
                }
            }
        }));

        // Which writes there are differs a little from one time to the next; that most are met is what is asked.
        Assert.True(reached * 2 > chosen.Length, $"Only {reached} of {chosen.Length} kill points were met.");
        return points;
    }
}
