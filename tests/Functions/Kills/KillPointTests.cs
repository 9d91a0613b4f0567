using System.Collections.Concurrent;
using System.Globalization;
using Dweb.Functions.Tests.Stack;

namespace Dweb.Functions.Tests.Kills;

/// <summary>
/// The control plane is killed before and after each write that the story of an order makes it do: to tables, queues, blobs and the chain. Started again, it
/// comes to the same end.
/// </summary>
[Trait("Category", "Integration")]
public sealed class KillPointTests : IAsyncDisposable
{
    /// <summary>A story is mostly waiting, so several of them share a machine.</summary>
    private const int MostTheatres = 3;
    private static readonly int Seed = Environment.GetEnvironmentVariable("DWEB_SEED") is { Length: > 0 } given ? int.Parse(given, CultureInfo.InvariantCulture) : Environment.TickCount;
    private readonly List<Theatre> theatres = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (var theatre in theatres)
        {
            await theatre.DisposeAsync();
        }
    }

    [Fact(Timeout = 2 * TestStack.PatienceMs)]
    public Task A_story_ends_the_same_whatever_write_the_control_plane_dies_at() => KillAsync(atMost: 2);

    [Fact(Explicit = true)]
    public Task A_story_ends_the_same_at_every_write_that_the_control_plane_can_die_at() => KillAsync(atMost: int.MaxValue);

    private async Task KillAsync(int atMost)
    {
        theatres.Add(new Theatre());
        var points = await theatres[0].RehearseAsync(Cancel);
        Assert.Contains(points, static point => point.Write == "transaction");
        var random = new Random(Seed);
        KillPoint[] chosen = atMost < points.Count ? [.. points.OrderBy(_ => random.Next()).Take(atMost)] : [.. points];
        TestContext.Current.SendDiagnosticMessage(
            $"{points.Count} kill points, {chosen.Length} tried ({string.Join(", ", (IEnumerable<KillPoint>)chosen)}), seed {Seed} (DWEB_SEED).");
        while (chosen.Length > MostTheatres && theatres.Count < MostTheatres)
        {
            theatres.Add(new Theatre());
        }


        int reached = 0;
        var left = new ConcurrentQueue<KillPoint>(chosen);
        await Task.WhenAll(theatres.Select(async theatre =>
        {
            while (left.TryDequeue(out var point))
            {
                if (await theatre.TellAsync(point, Cancel))
                {
                    Interlocked.Increment(ref reached);
                }
            }
        }));

        // Which writes there are differs a little from one time to the next; that most are met is what is asked.
        Assert.True(reached * 2 > chosen.Length, $"Only {reached} of {chosen.Length} kill points were met.");
    }
}
