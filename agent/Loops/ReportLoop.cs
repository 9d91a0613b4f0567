using Dweb.Agent.ControlPlane;
using Dweb.Agent.Identity;
using Dweb.Agent.Reporting;
using Dweb.Agent.State;
using Dweb.Core.Protocol.Http;
using Microsoft.Extensions.Hosting;

namespace Dweb.Agent.Loops;

/// <summary>Reports a phase as soon as it changes; the next heartbeat repeats it.</summary>
internal sealed class ReportLoop(ControlPlaneClient client, AgentIdentity identity, PhaseBoard board, Failures failures, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var backoff = new Backoff(First, Most, time);
        while (true)
        {
            await board.Changed.WaitAsync(Timeout.InfiniteTimeSpan, stoppingToken);
            var changed = board.TakeChanged();
            if (changed.Count == 0)
            {
                continue;
            }

            try
            {
                using var step = DurableSteps.Try(DurableStep.ReportSent);
                await client.ReportAsync(new ReportRequest(identity.AgentId, identity.Incarnation, changed), stoppingToken);
                backoff.Reset();
            }
            catch (ControlPlaneException failure)
            {
                failures.Note(failure);
                board.PutBack(changed);
                await backoff.WaitAsync(stoppingToken);
                board.Changed.Set();
            }
        }
    }
}
