using System.Globalization;
using System.Text.Json;
using Dweb.Local.Stack;
using Dweb.Local.Terminal;

namespace Dweb.Local.Demo;

/// <summary>A user's view of a deployment: waits for what is to become of it, and tells what became of it.</summary>
internal sealed class OrderWatch(LocalStack stack, Screen screen, string deployment)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The deployment once it is Running and has come to be so after a time, in Unix milliseconds.</summary>
    /// <exception cref="LocalException">It does not run in time.</exception>
    public async Task<JsonElement> Running(long since, CancellationToken stop)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var order = (await stack.Cli.Run(Role.User, stop, "inspect", deployment)).GetProperty("order");
            if (order.Is("status", "Running") && RunningSince(order, since) is not null)
            {
                return order;
            }

            if (TimeProvider.System.GetElapsedTime(started) > Patience)
            {
                throw new LocalException($"Deployment '{deployment}' does not run after {Patience.TotalSeconds:0} s: {order}", "The control plane's log tells why: 'dweb local logs functions'.");
            }

            await Task.Delay(Poll, stop);
        }
    }

    /// <summary>When it first was Running after a time, in Unix milliseconds; null if it was not.</summary>
    public static long? RunningSince(JsonElement order, long since) => order.GetProperty("timeline").EnumerateArray()
        .Where(entry => entry.Is("step", "running") && entry.GetProperty("atMs").GetInt64() > since)
        .Select(static entry => (long?)entry.GetProperty("atMs").GetInt64()).FirstOrDefault();

    /// <summary>Asks each replica that took over from another.</summary>
    public async Task<IReadOnlyList<Replica>> AskSuccessors(JsonElement order, CancellationToken stop)
    {
        List<Replica> successors = [];
        foreach (var lease in order.GetProperty("leases").EnumerateArray().Where(IsSuccessor))
        {
            successors.Add(await Replica.OfLease(lease).Ask(stop));
            screen.Detail($"{successors[^1].Url} answers {successors[^1].Status}: {successors[^1].Answer}");
        }

        return successors;
    }

    /// <summary>Tells what <c>dweb events</c> says of some kinds of event after a time, in Unix milliseconds.</summary>
    public async Task Tell(long since, IReadOnlyList<string> kinds, CancellationToken stop)
    {
        // A block's time is in whole seconds: what happened at once after that time may seem to lie before it.
        var events = (await stack.Cli.Run(Role.User, stop, "events", deployment)).EnumerateArray()
            .Where(e => kinds.Contains(e.GetProperty("kind").GetString()!, StringComparer.Ordinal) && e.GetProperty("atMs").GetInt64() > since - 1_000);
        foreach (var e in events)
        {
            var replica = e.GetProperty("replica").GetString();
            var seconds = Math.Max(0, (e.GetProperty("atMs").GetInt64() - since) / 1000);
            screen.Detail(string.Create(CultureInfo.InvariantCulture, $"{seconds,4} s  {(replica is null ? "" : replica + " ")}{e.GetProperty("text").GetString()}"));
        }
    }

    private static bool IsSuccessor(JsonElement lease) => lease.Is("state", "Open") && lease.GetProperty("generation").GetInt32() > 0;
}
