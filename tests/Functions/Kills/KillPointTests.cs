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
    private const int MostTimes = 3;
    private const int StoryMs = 3 * 60 * 1000;
    private static readonly int Seed = Environment.GetEnvironmentVariable("DWEB_SEED") is { Length: > 0 } given ? int.Parse(given, CultureInfo.InvariantCulture) : Environment.TickCount;
    private readonly Gates gates = new();
    private readonly TestStack stack;

    public KillPointTests() => stack = TestStack.Behind(gates);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        gates.Arm(null, static () => Task.CompletedTask);
        await stack.DisposeAsync();
        await gates.DisposeAsync();
    }

    [Fact(Timeout = 2 * TestStack.PatienceMs)]
    public Task A_story_ends_the_same_whatever_write_the_control_plane_dies_at() => KillAsync(atMost: 2);

    [Fact(Explicit = true)]
    public Task A_story_ends_the_same_at_every_write_that_the_control_plane_can_die_at() => KillAsync(atMost: int.MaxValue);

    private async Task KillAsync(int atMost)
    {
        await stack.ReadyAsync();
        await TellAsync(null);
        List<KillPoint> points =
        [
            .. from write in gates.Seen.OrderBy(static w => w.Key, StringComparer.Ordinal)
               from time in Enumerable.Range(1, Math.Min(write.Value, MostTimes))
               from after in (bool[])[false, true]
               select new KillPoint(write.Key, time, after),
        ];
        Assert.Contains(points, static point => point.Write == "transaction");
        var random = new Random(Seed);
        KillPoint[] chosen = atMost < points.Count ? [.. points.OrderBy(_ => random.Next()).Take(atMost)] : [.. points];
        TestContext.Current.SendDiagnosticMessage(
            $"{points.Count} kill points, {chosen.Length} tried ({string.Join(", ", (IEnumerable<KillPoint>)chosen)}), seed {Seed} (DWEB_SEED).");
        int reached = 0;
        foreach (var point in chosen)
        {
            reached += await TellAsync(point) ? 1 : 0;
        }

        // Which writes there are differs a little from one time to the next; that most are met is what is asked.
        Assert.True(reached * 2 > chosen.Length, $"Only {reached} of {chosen.Length} kill points were met.");
    }

    /// <returns>The control plane was killed.</returns>
    private async Task<bool> TellAsync(KillPoint? point)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(StoryMs);
        gates.Arm(point, stack.Plane.KillAsync);
        bool killed = false;
        try
        {
            await new Story(stack, MendAsync, limit.Token).TellAsync();
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException($"Killed {point?.ToString() ?? "nowhere"}, seed {Seed}: {failure.Message}\n{stack.Plane.Output}", failure);
        }

        return killed;

        async Task MendAsync()
        {
            if (gates.HasKilled)
            {
                killed = true;
                gates.Arm(null, stack.Plane.KillAsync);
                await stack.Plane.StartAsync(limit.Token);
            }
        }
    }
}
