using System.Globalization;
using System.Text.Json;
using Dweb.Local.Layout;
using Dweb.Local.Processes;
using Dweb.Local.Stack;
using Dweb.Local.Terminal;

namespace Dweb.Local.Demo;

/// <summary>The chapter in which a deposit runs out: the container stops and is kept, only its storage is paid for, and it goes on once there is money again.</summary>
internal sealed class LowEscrow(Repository repository, LocalStack stack, Tool tool, Screen screen)
{
    public const string Deployment = "small";
    private const string Escrow = "1";
    private const string Topup = "0.02";
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly HostMachine _machine = new(stack, tool);

    /// <summary>Deploys on funds for 20 seconds and leaves nothing in escrow to fund more.</summary>
    public async Task Begin(CancellationToken stop)
    {
        await stack.Cli.Run(Role.Tenant, stop, "deposit", Escrow);
        await stack.Cli.Run(Role.Tenant, stop, "deploy", Path.Combine(repository.Root, "local", "Demo", "short.yaml"), "--name", Deployment, "--wait");
        await stack.Cli.Run(Role.Tenant, stop, "withdraw");
    }

    /// <exception cref="LocalException">It is not parked, or does not run again, or is another container.</exception>
    public async Task ParkAndResume(CancellationToken stop)
    {
        screen.Detail($"{Role.Tenant} had deployed '{Deployment}', which is funded for 20 s at a time, and taken the rest of the escrow out");
        var parked = await Lease(static lease => lease.Is("state", "Parked"), stop);
        var container = await _machine.ContainerOf(parked.GetProperty("leaseId").GetString()!, stop);
        screen.Detail($"its funds are over: the lease is parked on {parked.GetProperty("coeName").GetString()}, container {container} is stopped and kept, only storage is paid for");
        await stack.Cli.Run(Role.Tenant, stop, "topup", Deployment, Topup);
        var running = await Lease(static lease => lease.Is("state", "Open") && lease.Is("phase", "Running"), stop);
        var again = await _machine.ContainerOf(running.GetProperty("leaseId").GetString()!, stop);
        if (again != container)
        {
            throw new LocalException($"Deployment '{Deployment}' went on in container {again} instead of {container}: what it had written is lost.", "The agent's log tells why.");
        }

        var answer = await HttpProbe.Get(running.GetProperty("urls")[0].GetString()!, stop);
        screen.Detail(string.Create(CultureInfo.InvariantCulture, $"topped up by {Topup} DWEB: the same container runs again and answers {(int?)answer?.Code ?? 0}"));
    }

    private async Task<JsonElement> Lease(Func<JsonElement, bool> reached, CancellationToken stop)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var lease = (await stack.Cli.Run(Role.Tenant, stop, "inspect", Deployment)).GetProperty("order").GetProperty("leases").EnumerateArray().Last();
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
