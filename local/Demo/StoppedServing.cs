using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Dweb.Local.Bench;
using Dweb.Local.Layout;
using Dweb.Local.Processes;
using Dweb.Local.Stack;
using Dweb.Local.Terminal;

namespace Dweb.Local.Demo;

/// <param name="Seconds">That were settled and not served.</param>
/// <param name="Refunded">Wei of the host's pay that went back to the user.</param>
/// <param name="VerdictMs">From the dispute to the verdict, as the user saw it.</param>
/// <param name="Successors">Replicas that run elsewhere, with what they answer.</param>
internal sealed record Refund(uint Seconds, BigInteger Refunded, long VerdictMs, IReadOnlyList<Replica> Successors);

/// <summary>The chapter in which a host is paid for a container that it keeps from running; its user disputes that, and the scheduler members look for themselves.</summary>
internal sealed class StoppedServing(Repository repository, LocalStack stack, Tool tool, Screen screen)
{
    public const string Deployment = "page";
    private const uint LeastSeconds = 4;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <exception cref="LocalException">Nothing is settled or decided, or the replica does not run elsewhere.</exception>
    public async Task<Refund> Run(Settling settling, CancellationToken stop)
    {
        var watch = new OrderWatch(stack, screen, Deployment);
        await RunningOrder.Deploy(stack.Cli, DeployBench.Manifest(repository), Deployment, stop);
        var lease = (await watch.Running(since: 0, stop)).GetProperty("leases")[0];
        var id = lease.GetProperty("leaseId").GetString()!;
        var frozenAt = await Freeze(lease, id, stop);
        var seconds = await Unserved(id, frozenAt, stop);

        var disputed = TimeProvider.System.GetTimestamp();
        await stack.Cli.Run(Role.User, stop, "lease", "dispute", id, seconds.ToString(CultureInfo.InvariantCulture));
        await Shown(id, static shown => shown.GetProperty("verdictUntil").GetInt64() == 0, "decided", stop);
        var took = (long)TimeProvider.System.GetElapsedTime(disputed).TotalMilliseconds;
        await watch.Tell(frozenAt, ["disputed", "judged", "decided"], stop);
        var ledger = await settling.Read(stop);
        var refunded = ledger.Moved("disputeRefunded", id) - ledger.Moved("disputeBonded", id);
        screen.Detail(string.Create(CultureInfo.InvariantCulture, $"refunded: the host's pay of {seconds} s, {Money.Text(refunded)} DWEB, {took} ms after the dispute"));

        var movedAt = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        await stack.Cli.Run(Role.User, stop, "lease", "move", id);
        screen.Detail("the user moves the replica to another host");
        return new Refund(seconds, refunded, took, await watch.AskSuccessors(await watch.Running(movedAt, stop), stop));
    }

    /// <returns>When, in Unix milliseconds.</returns>
    private async Task<long> Freeze(JsonElement lease, string id, CancellationToken stop)
    {
        var machine = new HostMachine(stack, tool);
        var url = lease.GetProperty("urls")[0].GetString()!;
        var host = stack.Hosts.Single(h => lease.Is("coeName", h.Role.Coe)).Role;
        var before = await HttpProbe.Get(url, stop);
        screen.Detail(string.Create(CultureInfo.InvariantCulture, $"'{Deployment}' runs on {host.Coe}, and {url} answers {(int?)before?.Code ?? 0}"));
        var container = await machine.ContainerOf(id, stop);
        await machine.Freeze(container, stop);
        var frozenAt = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        screen.Detail($"{host.Wallet} freezes container {container}, to sell its CPU once more: to the engine it still runs, so its seconds are counted and paid");
        var after = await HttpProbe.Get(url, stop);
        screen.Detail(after is null ? $"{url} gives no answer" : string.Create(CultureInfo.InvariantCulture, $"{url} answers {(int)after.Value.Code}"));
        return frozenAt;
    }

    /// <summary>Seconds of the lease that were settled and lie after the freeze, once they are some.</summary>
    private async Task<uint> Unserved(string id, long frozenAt, CancellationToken stop)
    {
        uint served = 0;
        var lease = await Shown(
            id,
            shown =>
            {
                served = (uint)((frozenAt / 1000) + 1 - shown.GetProperty("origin").GetInt64());
                return shown.GetProperty("settledSeconds").GetUInt32() >= served + LeastSeconds;
            },
            "settled",
            stop);
        return lease.GetProperty("settledSeconds").GetUInt32() - served;
    }

    private async Task<JsonElement> Shown(string id, Func<JsonElement, bool> reached, string what, CancellationToken stop)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var lease = await stack.Cli.Run(Role.User, stop, "lease", "show", id);
            if (reached(lease))
            {
                return lease;
            }

            if (TimeProvider.System.GetElapsedTime(started) > Patience)
            {
                throw new LocalException($"The lease of '{Deployment}' is not {what} after {Patience.TotalSeconds:0} s: {lease}", "The control plane's log tells why: 'dweb local logs functions'.");
            }

            await Task.Delay(Poll, stop);
        }
    }
}
