using Dweb.Functions.Tests.Scheduling;
using Dweb.Functions.Tests.Stack;

namespace Dweb.Functions.Tests.Kills;

/// <summary>A stack of its own, with gates around one of its processes, which is killed and started again: the story is told on it again and again.</summary>
internal sealed class Theatre : IAsyncDisposable
{
    private const int MostTimes = 3;
    private const int StoryMs = 3 * 60 * 1000;
    private readonly Gates gates = new();
    private readonly TestStack stack;
    private readonly Func<TestStack, Task> kill;
    private readonly Func<TestStack, CancellationToken, Task> start;
    private readonly Func<TestStack, CancellationToken, Task> afterwards;
    private IReadOnlyDictionary<string, int> seen = new Dictionary<string, int>(StringComparer.Ordinal);

    private Theatre(
        Func<Gates, TestStack> build, Func<TestStack, Task> kill, Func<TestStack, CancellationToken, Task> start, Func<TestStack, CancellationToken, Task> afterwards) =>
        (stack, this.kill, this.start, this.afterwards) = (build(gates), kill, start, afterwards);

    public static Theatre OfTheControlPlane() => new(
        TestStack.Behind, static stack => stack.Plane.KillAsync(), static (stack, stop) => stack.Plane.StartAsync(stop), static (_, _) => Task.CompletedTask);

    /// <summary>Of one of three scheduler members; in the end an order is opened that only it and one other can sign.</summary>
    public static Theatre OfAMember() => new(
        TestStack.WithMembersBehind, static stack => stack.Members[0].KillAsync(), static (stack, stop) => stack.Members[0].StartAsync(stop), OpenWithoutTheLastAsync);

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
            .. from write in seen.OrderBy(static w => w.Key, StringComparer.Ordinal)
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
        gates.Arm(point, KillAsync);
        bool killed = false;
        var story = new Story(stack, MendAsync, limit.Token);
        try
        {
            await story.TellAsync();
            await MendAsync();
            seen = gates.Seen;
            gates.Arm(null, KillAsync);
            await afterwards(stack, limit.Token);
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
                gates.Arm(null, KillAsync);
                await start(stack, limit.Token);
            }
        }
    }

    private static async Task OpenWithoutTheLastAsync(TestStack stack, CancellationToken cancellationToken)
    {
        await using var absence = await Absence.OfAsync(stack.Members[^1]);
        var scene = await Scene.BeginAsync(stack, 1, cancellationToken);
        await scene.EndAsync(cancellationToken);
    }

    private Task KillAsync() => kill(stack);
}
