using System.Globalization;
using Dweb.Local.Stack;

namespace Dweb.EndToEnd.Tests.Stack;

/// <param name="Step">As the agent announces it: <c>before NAME</c> or <c>after NAME</c>.</param>
/// <param name="Time">Which one of this name in the life of a process, from 1.</param>
internal sealed record StepPoint(string Step, int Time)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Step} {Time}");
}

/// <summary>The stack's agents, each of which dies by SIGKILL when it comes to a point, and is started again; in the end all of them run as they did before.</summary>
internal sealed class KilledAgents : IAsyncDisposable
{
    private static readonly string Hook = Path.Combine(AppContext.BaseDirectory, "Dweb.Agent.Killer.dll");
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);
    private readonly RealStack stack;
    private readonly string seen;
    private readonly CancellationTokenSource over = new();
    private Task watching = Task.CompletedTask;
    private volatile int killed;

    private KilledAgents(RealStack stack) => (this.stack, seen) = (stack, Path.Combine(stack.State.Root, "steps-seen"));

    /// <summary>How many died at the point.</summary>
    public int Killed => killed;

    /// <summary>Starts every agent anew.</summary>
    /// <param name="point">Null to only note what each comes by.</param>
    public static async Task<KilledAgents> StartAsync(RealStack stack, StepPoint? point, CancellationToken cancellationToken)
    {
        var agents = new KilledAgents(stack);
        File.Delete(agents.seen);
        foreach (var host in stack.Local.Hosts)
        {
            await stack.KillAgentAsync(host, cancellationToken);
            await stack.StartAgentAsync(host, environment: agents.Environment(host, point));
        }

        agents.watching = point is null ? Task.CompletedTask : agents.WatchAsync();
        return agents;
    }

    /// <summary>Every announcement, of whichever agent came by it most often.</summary>
    public IReadOnlyList<(string Step, int Times)> Seen() =>
        [.. stack.Local.Hosts.Select(SeenOf).Where(File.Exists).SelectMany(static file => File.ReadAllLines(file).GroupBy(static step => step, StringComparer.Ordinal))
            .GroupBy(static steps => steps.Key, static steps => steps.Count(), StringComparer.Ordinal)
            .Select(static step => (step.Key, step.Max()))];

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync();
        await watching;
        over.Dispose();
        foreach (var host in stack.Local.Hosts)
        {
            File.Delete(SeenOf(host));
            if (stack.IsAgentRunning(host))
            {
                await stack.KillAgentAsync(host, CancellationToken.None);
            }

            await stack.StartAgentAsync(host);
        }
    }

    private string SeenOf(RegisteredHost host) => $"{seen}-{host.Role.Agent}";

    private Dictionary<string, string> Environment(RegisteredHost host, StepPoint? point) => point is null
        ? new(StringComparer.Ordinal) { ["DOTNET_STARTUP_HOOKS"] = Hook, ["DWEB_STEPS_SEEN"] = SeenOf(host) }
        : new(StringComparer.Ordinal) { ["DOTNET_STARTUP_HOOKS"] = Hook, ["DWEB_KILL_AT"] = point.ToString() };

    private async Task WatchAsync()
    {
        while (!over.IsCancellationRequested)
        {
            foreach (var host in stack.Local.Hosts.Where(host => !stack.IsAgentRunning(host)))
            {
                Interlocked.Increment(ref killed);
                await stack.StartAgentAsync(host);
            }

            await Task.Delay(Look, over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
