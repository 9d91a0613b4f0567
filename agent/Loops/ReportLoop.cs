using Dweb.Agent.ControlPlane;
using Dweb.Agent.Identity;
using Dweb.Agent.State;
using Dweb.Agent.Tracing;
using Dweb.Core.Protocol.Http;
using Microsoft.Extensions.Hosting;

namespace Dweb.Agent.Loops;

/// <summary>Reports a phase to one control plane as soon as it changes; the next heartbeat repeats it.</summary>
internal sealed class ReportLoop(ControlPlaneLink plane, AgentIdentity identity, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var backoff = new Backoff(First, Most, time);
        while (true)
        {
            await plane.News.Changed.WaitAsync(Timeout.InfiniteTimeSpan, stoppingToken);
            var changed = plane.News.TakeChanged();
            if (changed.Count == 0)
            {
                continue;
            }

            try
            {
                using var step = DurableSteps.Try(DurableStep.ReportSent);
                using var span = Spans.Begin("report", default, changed[0].LeaseId)?.SetTag("dweb.phase", changed[0].Phase.ToString());
                await plane.Client.ReportAsync(new ReportRequest(identity.AgentId, identity.Incarnation, changed), stoppingToken);
                backoff.Reset();
            }
            catch (ControlPlaneException failure)
            {
                plane.Failures.Note(failure);
                plane.News.PutBack(changed);
                await backoff.WaitAsync(stoppingToken);
                plane.News.Changed.Set();
            }
        }
    }
}
