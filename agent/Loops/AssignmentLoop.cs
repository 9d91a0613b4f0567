using Dweb.Agent.ControlPlane;
using Dweb.Agent.Leases;
using Microsoft.Extensions.Hosting;

namespace Dweb.Agent.Loops;

/// <summary>Long-polls one control plane's whole desired set. There is nothing to acknowledge: what was lost is in the next answer.</summary>
internal sealed class AssignmentLoop(ControlPlaneLink plane, LeaseTable table, TimeProvider time) : BackgroundService
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
                if (await plane.Client.PollAsync(etag, stoppingToken) is { } answer)
                {
                    table.Apply(plane.Address, answer.Document);
                    plane.Logs.Take(answer.Document.LogRequests);
                    plane.Specs.Take(answer.Document);
                    etag = answer.ETag;
                }

                backoff.Reset();
            }
            catch (ControlPlaneException failure)
            {
                plane.Failures.Note(failure);
                await backoff.WaitAsync(stoppingToken);
            }
        }
    }
}
