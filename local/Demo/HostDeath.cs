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
    /// <param name="deployment">It runs on the host.</param>
    /// <param name="replicas">Of the deployment.</param>
    /// <param name="stop">Ends it early.</param>
    /// <exception cref="LocalException">The deployment does not run again.</exception>
    public async Task<Failover> Run(string deployment, IReadOnlyList<Replica> replicas, CancellationToken stop)
    {
        var watch = new OrderWatch(stack, screen, deployment);
        var host = stack.Hosts.Single(h => h.Role.Coe == replicas[0].Coe);
        var killedAt = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var containers = await stack.KillHost(host, stop);
        screen.Detail(string.Create(CultureInfo.InvariantCulture, $"{host.Role.Wallet}'s machine is killed: the agent of COE '{host.Role.Coe}' and {containers} containers"));
        var order = await watch.Running(killedAt, stop);
        Tell(order, killedAt);
        var successors = await watch.AskSuccessors(order, stop);

        var took = OrderWatch.RunningSince(order, killedAt)!.Value - killedAt;
        screen.Detail(string.Create(CultureInfo.InvariantCulture, $"failover took {took} ms, of which {2.5 * LocalStack.Heartbeat.TotalMilliseconds:0} ms are the silence after which a COE counts as lost"));
        return new Failover(took, successors);
    }

    private void Tell(JsonElement order, long since)
    {
        foreach (var entry in order.GetProperty("timeline").EnumerateArray().Where(e => e.GetProperty("atMs").GetInt64() > since))
        {
            var detail = entry.GetProperty("detail").GetString();
            screen.Detail(string.Create(CultureInfo.InvariantCulture, $"{entry.GetProperty("atMs").GetInt64() - since,6} ms  {entry.GetProperty("step").GetString()}{(detail is null ? "" : $"  {detail}")}"));
        }
    }
}
