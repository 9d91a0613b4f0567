using Dweb.Functions.Tests.Stack;

namespace Dweb.Functions.Tests.Kills;

/// <summary>A stack of its own, whose control plane is behind gates: the story is told on it again and again.</summary>
internal sealed class Theatre : IAsyncDisposable
{
    private const int MostTimes = 3;
    private const int StoryMs = 3 * 60 * 1000;
    private readonly Gates gates = new();
    private readonly TestStack stack;

    public Theatre() => stack = TestStack.Behind(gates);

    public async ValueTask DisposeAsync()
    {
        gates.Arm(null, static () => Task.CompletedTask);
        await stack.DisposeAsync();
        await gates.DisposeAsync();
    }

    /// <summary>Tells the story with nobody killed.</summary>
    /// <returns>Each point in it at which the control plane can be killed.</returns>
    public async Task<IReadOnlyList<KillPoint>> RehearseAsync(CancellationToken cancellationToken)
    {
        await TellAsync(null, cancellationToken);
        return
        [
            .. from write in gates.Seen.OrderBy(static w => w.Key, StringComparer.Ordinal)
               from time in Enumerable.Range(1, Math.Min(write.Value, MostTimes))
               from after in (bool[])[false, true]
               select new KillPoint(write.Key, time, after),
        ];
    }

    /// <returns>The control plane was killed.</returns>
    public async Task<bool> TellAsync(KillPoint? point, CancellationToken cancellationToken)
    {
        await stack.ReadyAsync();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StoryMs);
        gates.Arm(point, stack.Plane.KillAsync);
        bool killed = false;
        var story = new Story(stack, MendAsync, limit.Token);
        try
        {
            await story.TellAsync();
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException($"Killed {point?.ToString() ?? "nowhere"}: {failure.Message}\n{await story.StandingAsync(cancellationToken)}\n{stack.Plane.Output}", failure);
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
