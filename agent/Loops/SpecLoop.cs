using Dweb.Agent.ControlPlane;
using Dweb.Agent.Leases;
using Dweb.Agent.Reporting;
using Dweb.Agent.Secrets;
using Microsoft.Extensions.Hosting;

namespace Dweb.Agent.Loops;

/// <summary>Offers a control plane the specs that it lists leases without, as soon as this agent has them: another control plane may bring them later.</summary>
internal sealed class SpecLoop(ControlPlaneLink plane, LeaseTable table, SealedBundles bundles, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var backoff = new Backoff(Look, Most, time);
        while (true)
        {
            await plane.Specs.Asked.WaitAsync(plane.Specs.IsEmpty ? Timeout.InfiniteTimeSpan : Look, stoppingToken);
            var found = plane.Specs.Find(table.FindSpec);
            if (found.Count == 0)
            {
                continue;
            }

            try
            {
                await foreach (var part in SpecOffers.PartsAsync(found, bundles, stoppingToken))
                {
                    await plane.Client.OfferSpecsAsync(SpecOffers.ToOffer(part), stoppingToken);
                    plane.Specs.Given(part.Keys);
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
