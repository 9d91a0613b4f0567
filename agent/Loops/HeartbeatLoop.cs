using System.Reflection;
using Dweb.Agent.ControlPlane;
using Dweb.Agent.Identity;
using Dweb.Agent.Leases;
using Dweb.Agent.Reporting;
using Dweb.Agent.Settings;
using Dweb.Core.Protocol.Http;
using Microsoft.Extensions.Hosting;

namespace Dweb.Agent.Loops;

/// <summary>
/// Tells the control plane and, at the same moment, each scheduler member that this agent lives, and all that it knows of its leases, as often as the
/// control plane asks it to. None of them is waited for: one that hangs is no reason for the others to call this COE lost.
/// </summary>
internal sealed class HeartbeatLoop(
    ControlPlaneClient client, SchedulerMembers members, AgentIdentity identity, AgentSettings settings, PhaseBoard board, Standing standing, LeaseTable table,
    Failures failures, TimeProvider time)
    : BackgroundService
{
    private static readonly TimeSpan UntilTold = TimeSpan.FromSeconds(1);
    private static readonly string Version = typeof(HeartbeatLoop).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
    private TimeSpan interval = settings.Heartbeat ?? UntilTold;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var told = Task.CompletedTask;
        for (ulong sequence = 1; ; sequence++)
        {
            var heartbeat = new HeartbeatRequest(identity.AgentId, identity.Incarnation, sequence, Version, board.All);
            await members.TellAsync(heartbeat, stoppingToken);
            if (told.IsCompleted)
            {
                await told;
                told = TellAsync(heartbeat, stoppingToken);
            }

            await Task.Delay(interval, time, stoppingToken);
        }
    }

    private async Task TellAsync(HeartbeatRequest heartbeat, CancellationToken stoppingToken)
    {
        try
        {
            var answer = await client.BeatAsync(heartbeat, stoppingToken);
            interval = settings.Heartbeat ?? TimeSpan.FromMilliseconds(Math.Clamp(answer.IntervalMs, 200, 60_000));
            failures.Recovered();
            if (!standing.MayStart)
            {
                standing.Accepted();
                table.WakeAll();
            }
        }
        catch (ControlPlaneException failure)
        {
            failures.Note(failure);
        }
    }
}
