using Dweb.Agent.ControlPlane;
using Dweb.Agent.Leases;
using Dweb.Agent.Reporting;
using Microsoft.Extensions.Hosting;

namespace Dweb.Agent.Loops;

/// <summary>Long-polls the whole desired set. There is nothing to acknowledge: what was lost is in the next answer.</summary>
internal sealed class AssignmentLoop(ControlPlaneClient client, LeaseTable table, LogDesk logs, Failures failures, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        string? etag = null;
        var backoff = new Backoff(First, Most, time);
        while (true)
        {
            try
            {
                if (await client.PollAsync(etag, stoppingToken) is { } answer)
                {
                    etag = answer.ETag;
                    table.Apply(answer.Document);
                    logs.Take(answer.Document.LogRequests);
                }

                backoff.Reset();
            }
            catch (ControlPlaneException failure)
            {
                failures.Note(failure);
                await backoff.WaitAsync(stoppingToken);
            }
        }
    }
}
