using System.Globalization;
using System.Text.Json;
using Dweb.Local.Layout;
using Dweb.Local.Processes;
using Dweb.Local.Stack;

namespace Dweb.Local.Demo;

/// <summary>
/// The chapter in which a deposit runs out: the container stops and is kept, only its storage is paid for, and it goes on once there is money again.
/// What happens does not wait for the chapters before it to be told, so it says what is to be told of it.
/// </summary>
internal sealed class LowEscrow(Repository repository, LocalStack stack, Tool tool)
{
    public const string Deployment = "small";
    private const string Escrow = "1";
    private const string Topup = "0.02";
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly HostMachine _machine = new(stack, tool);

    /// <returns>What happened, a sentence each.</returns>
    /// <exception cref="LocalException">It is not parked, or does not run again, or is another container.</exception>
    public async Task<IReadOnlyList<string>> Run(CancellationToken stop)
    {
        await Deploy(stop);
        return [$"{Role.Tenant} deployed '{Deployment}', which is funded for 20 s at a time, and took the rest of the escrow out", .. await ParkAndResume(stop)];
    }

    /// <summary>Deploys on funds for 20 seconds and leaves nothing in escrow to fund more.</summary>
    private async Task Deploy(CancellationToken stop)
    {
        await stack.Cli.Run(Role.Tenant, stop, "deposit", Escrow);
        await stack.Cli.Run(Role.Tenant, stop, "deploy", Path.Combine(repository.Root, "local", "Demo", "short.yaml"), "--name", Deployment, "--wait");
        await stack.Cli.Run(Role.Tenant, stop, "withdraw");
    }

    private async Task<IReadOnlyList<string>> ParkAndResume(CancellationToken stop)
    {
        var id = (await Lease(static lease => lease.Is("phase", "Running"), stop)).GetProperty("leaseId").GetString()!;
        var container = await _machine.ContainerOf(id, stop);

        // Its storage is kept for some seconds only.
        var parked = await Lease(static lease => lease.Is("state", "Parked"), stop);
        await stack.Cli.Run(Role.Tenant, stop, "topup", Deployment, Topup);
        var running = await Lease(static lease => lease.Is("state", "Open") && lease.Is("phase", "Running"), stop);
        var again = await _machine.ContainerOf(id, stop);
        if (again != container)
        {
            throw new LocalException($"Deployment '{Deployment}' went on in container {again} instead of {container}: what it had written is lost.", "The agent's log tells why.");
        }

        var answer = await HttpProbe.Get(running.GetProperty("urls")[0].GetString()!, stop);
        return
        [
            $"its funds are over: the lease is parked on {parked.GetProperty("coeName").GetString()}, container {container} is stopped and kept, only storage is paid for",
            string.Create(CultureInfo.InvariantCulture, $"topped up by {Topup} DWEB: the same container runs again and answers {(int?)answer?.Code ?? 0}"),
        ];
    }

    private async Task<JsonElement> Lease(Func<JsonElement, bool> reached, CancellationToken stop)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var lease = (await stack.Cli.Run(Role.Tenant, stop, "ps", Deployment, "--all")).EnumerateArray().Last();
            if (reached(lease))
            {
                return lease;
            }

            if (TimeProvider.System.GetElapsedTime(started) > Patience)
            {
                throw new LocalException($"Deployment '{Deployment}' is not where it should be after {Patience.TotalSeconds:0} s: {lease}", "The control plane's log tells why: 'dweb local logs functions'.");
            }

            await Task.Delay(Poll, stop);
        }
    }
}
