using Dweb.Agent.ControlPlane;
using Dweb.Agent.Leases;
using Dweb.Agent.Reporting;
using Dweb.Core.Protocol.Http;
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
                    table.Apply(answer.Document);
                    logs.Take(answer.Document.LogRequests);
                    await OfferMissingAsync(answer.Document, stoppingToken);
                    etag = answer.ETag;
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

    // What a wiped control plane has lost; its next answer then has it for every COE.
    private async Task OfferMissingAsync(AssignmentsDocument document, CancellationToken stoppingToken)
    {
        List<string> specs = [.. document.Leases.Where(static lease => lease.Spec.Length == 0).Select(lease => table.FindSpec(lease.LeaseId)).OfType<string>().Distinct(StringComparer.Ordinal)];
        if (specs.Count > 0)
        {
            await client.OfferSpecsAsync(new SpecOffer(specs), stoppingToken);
        }
    }
}
