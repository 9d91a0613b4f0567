using System.Reflection;
using Dweb.Agent.ControlPlane;
using Dweb.Agent.Identity;
using Dweb.Agent.Leases;
using Dweb.Agent.Reporting;
using Dweb.Agent.Secrets;
using Dweb.Core.Protocol.Http;
using Microsoft.Extensions.Hosting;

namespace Dweb.Agent.Loops;

/// <summary>
/// Tells every control plane and, at the same moment, each scheduler member that this agent lives, and all that it knows of its leases, as often as each of
/// them asks it to. None of them is waited for: one that hangs is no reason for the others to call this COE lost.
/// </summary>
internal sealed class HeartbeatLoop(
    IReadOnlyList<ControlPlaneLink> planes, SchedulerMembers members, AgentIdentity identity, PhaseBoard board, AgentSealing sealing, Standing standing, LeaseTable table, TimeProvider time)
    : BackgroundService
{
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(1);
    private static readonly string Version = typeof(HeartbeatLoop).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (ulong sequence = 1; ; sequence++)
        {
            var heartbeat = new HeartbeatRequest(identity.AgentId, identity.Incarnation, sequence, Version, board.All) { Sealing = sealing.Statement };
            await members.TellAsync(heartbeat, stoppingToken);
            foreach (var plane in planes)
            {
                await plane.Pulse.BeatAsync(() => TellAsync(plane, heartbeat, stoppingToken));
            }

            // Never longer: how often they want to be told is in answers that are still to come.
            var left = planes.Select(static plane => plane.Pulse.Left).Append(members.Left ?? Most).Append(Most).Min();
            await Task.Delay(left > Least ? left : Least, time, stoppingToken);
        }
    }

    private async Task TellAsync(ControlPlaneLink plane, HeartbeatRequest heartbeat, CancellationToken stoppingToken)
    {
        try
        {
            var answer = await plane.Client.BeatAsync(heartbeat, stoppingToken);
            plane.Pulse.Ask(answer.IntervalMs);
            plane.Failures.Recovered();
            if (standing.Accepted(plane.Address))
            {
                table.WakeAll();
            }
        }
        catch (ControlPlaneException failure)
        {
            plane.Failures.Note(failure);
        }
    }
}
