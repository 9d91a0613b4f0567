using System.Numerics;
using Dweb.Local.Layout;
using Dweb.Local.Stack;
using Dweb.Local.Terminal;

namespace Dweb.Local.Demo;

/// <param name="Coe">That took the lease.</param>
/// <param name="Bond">Wei of its stake that went to the user.</param>
/// <param name="Successors">Replicas that run elsewhere, with what they answer.</param>
internal sealed record MissedStart(string Coe, BigInteger Bond, IReadOnlyList<Replica> Successors);

/// <summary>The chapter in which a host takes a lease and never runs it. Its time to start passes beside other chapters.</summary>
internal sealed class NoShow(Repository repository, LocalStack stack, Screen screen)
{
    public const string Deployment = "late";
    private static readonly string[] Told = ["opened", "reported", "ending", "closed", "placed", "reopened", "running"];

    /// <summary>Orders what is cheapest on the host that cannot run it.</summary>
    public async Task Begin(CancellationToken stop)
    {
        await stack.Cli.Run(Role.User, stop, "deploy", Path.Combine(repository.Root, "local", "Demo", "late.yaml"), "--name", Deployment);
        screen.Detail($"the user orders '{Deployment}' where it is cheapest, which is {Role.Idle.Wallet}'s COE '{Role.Idle.Coe}': more of that below");
    }

    /// <summary>Tells how it ended, and ends the deployment: it would go to the cheapest host again when its new one dies.</summary>
    /// <exception cref="LocalException">Another host took the lease, or nobody took over.</exception>
    public async Task<MissedStart> Tell(Settling settling, CancellationToken stop)
    {
        var watch = new OrderWatch(stack, screen, Deployment);
        var order = await watch.Running(since: 0, stop);
        screen.Detail($"{Role.Idle.Wallet}'s agent lives, and does not reach the images: what it takes, it never starts");
        await watch.Tell(order.GetProperty("acceptedAtMs").GetInt64(), Told, stop);
        var missed = order.GetProperty("leases").EnumerateArray().FirstOrDefault(static lease => lease.Is("reason", "NoShow"));
        if (missed.ValueKind == System.Text.Json.JsonValueKind.Undefined || !missed.Is("coeName", Role.Idle.Coe))
        {
            throw new LocalException($"Deployment '{Deployment}' was no no-show of COE '{Role.Idle.Coe}': {order}", "The control plane's log tells why: 'dweb local logs functions'.");
        }

        var bond = (await settling.Read(stop)).Moved("bondReceived", missed.GetProperty("leaseId").GetString()!);
        screen.Detail($"the user paid nothing for it, and got {Role.Idle.Wallet}'s bond of an hour's pay: {Money.Text(bond)} DWEB");
        var successors = await watch.AskSuccessors(order, stop);
        await stack.Cli.Run(Role.User, stop, "close", Deployment);
        return new MissedStart(Role.Idle.Coe, bond, successors);
    }
}
