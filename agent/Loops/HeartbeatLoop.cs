using System.Reflection;
using Dweb.Agent.ControlPlane;
using Dweb.Agent.Identity;
using Dweb.Agent.Leases;
using Dweb.Agent.Reporting;
using Dweb.Agent.Settings;
using Dweb.Core.Protocol.Http;
using Microsoft.Extensions.Hosting;

namespace Dweb.Agent.Loops;

/// <summary>Tells the control plane that this agent lives, and all that it knows of its leases, as often as it is asked to.</summary>
internal sealed class HeartbeatLoop(
    ControlPlaneClient client, AgentIdentity identity, AgentSettings settings, PhaseBoard board, Standing standing, LeaseTable table, Failures failures, TimeProvider time)
    : BackgroundService
{
    private static readonly TimeSpan UntilTold = TimeSpan.FromSeconds(1);
    private static readonly string Version = typeof(HeartbeatLoop).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var interval = settings.Heartbeat ?? UntilTold;
        for (ulong sequence = 1; ; sequence++)
        {
            try
            {
                var answer = await client.BeatAsync(new HeartbeatRequest(identity.AgentId, identity.Incarnation, sequence, Version, board.All), stoppingToken);
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

            await Task.Delay(interval, time, stoppingToken);
        }
    }
}
