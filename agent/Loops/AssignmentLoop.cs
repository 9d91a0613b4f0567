using Dweb.Agent.ControlPlane;
using Dweb.Agent.Leases;
using Microsoft.Extensions.Hosting;

namespace Dweb.Agent.Loops;

/// <summary>Long-polls one control plane's whole desired set. There is nothing to acknowledge: what was lost is in the next answer.</summary>
internal sealed class AssignmentLoop(ControlPlaneLink plane, LeaseTable table, Doubts doubts, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        string? etag = null;
        var doubt = doubts.Next;
        var backoff = new Backoff(First, Most, time);
        while (true)
        {
            try
            {
                using var asking = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, doubt);
                if (await plane.Client.PollAsync(etag, asking.Token) is { } answer)
                {
                    table.Apply(plane.Address, answer.Document);
                    plane.Logs.Take(answer.Document.LogRequests);
                    plane.Specs.Take(answer.Document);
                    etag = answer.ETag;
                }

                backoff.Reset();
            }
            catch (OperationCanceledException) when (doubt.IsCancellationRequested && !stoppingToken.IsCancellationRequested)
            {
                (etag, doubt) = (null, doubts.Next);

                // Who changes every answer gets no more than this.
                await Task.Delay(First, time, stoppingToken);
            }
            catch (ControlPlaneException failure)
            {
                plane.Failures.Note(failure);
                await backoff.WaitAsync(stoppingToken);
            }
        }
    }
}
