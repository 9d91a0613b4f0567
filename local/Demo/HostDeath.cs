using System.Globalization;
using System.Text.Json;
using Dweb.Local.Stack;
using Dweb.Local.Terminal;

namespace Dweb.Local.Demo;

/// <param name="TookMs">From the kill to Running committed again.</param>
/// <param name="Successors">Replicas that run elsewhere, with what they answer.</param>
internal sealed record Failover(long TookMs, IReadOnlyList<Replica> Successors);

/// <summary>The chapter in which a host's machine is killed, with its agent and its containers, and a deployment goes on elsewhere.</summary>
internal sealed class HostDeath(LocalStack stack, Screen screen)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <param name="deployment">It runs on the host.</param>
    /// <param name="replicas">Of the deployment.</param>
    /// <param name="stop">Ends it early.</param>
    /// <exception cref="LocalException">The deployment does not run again.</exception>
    public async Task<Failover> Run(string deployment, IReadOnlyList<Replica> replicas, CancellationToken stop)
    {
        var host = stack.Hosts.Single(h => h.Role.Coe == replicas[0].Coe);
        var killedAt = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var containers = await stack.KillHost(host, stop);
        screen.Detail(string.Create(CultureInfo.InvariantCulture, $"{host.Role.Wallet}'s machine is killed: the agent of COE '{host.Role.Coe}' and {containers} containers"));
        var order = await RunningAgain(deployment, killedAt, stop);
        Tell(order, killedAt);

        List<Replica> successors = [];
        foreach (var lease in order.GetProperty("leases").EnumerateArray().Where(IsSuccessor))
        {
            successors.Add(await Replica.OfLease(lease).Ask(stop));
            screen.Detail($"{successors[^1].Url} answers {successors[^1].Status}: {successors[^1].Answer}");
        }

        var took = RunningSince(order, killedAt)!.Value - killedAt;
        screen.Detail(string.Create(CultureInfo.InvariantCulture, $"failover took {took} ms, of which {2.5 * LocalStack.Heartbeat.TotalMilliseconds:0} ms are the silence after which a COE counts as lost"));
        return new Failover(took, successors);
    }

    private async Task<JsonElement> RunningAgain(string deployment, long since, CancellationToken stop)
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
                throw new LocalException($"Deployment '{deployment}' does not run again {Patience.TotalSeconds:0} s after its host was killed: {order}", "The control plane's log tells why: 'dweb local logs functions'.");
            }

            await Task.Delay(Poll, stop);
        }
    }

    private void Tell(JsonElement order, long since)
    {
        foreach (var entry in order.GetProperty("timeline").EnumerateArray().Where(e => e.GetProperty("atMs").GetInt64() > since))
        {
            var detail = entry.GetProperty("detail").GetString();
            screen.Detail(string.Create(CultureInfo.InvariantCulture, $"{entry.GetProperty("atMs").GetInt64() - since,6} ms  {entry.GetProperty("step").GetString()}{(detail is null ? "" : $"  {detail}")}"));
        }
    }

    private static long? RunningSince(JsonElement order, long since) => order.GetProperty("timeline").EnumerateArray()
        .Where(entry => entry.Is("step", "running") && entry.GetProperty("atMs").GetInt64() > since)
        .Select(static entry => (long?)entry.GetProperty("atMs").GetInt64()).FirstOrDefault();

    private static bool IsSuccessor(JsonElement lease) => lease.Is("state", "Open") && lease.GetProperty("generation").GetInt32() > 0;
}
