using Dweb.Core.Protocol.Errors;
using Dweb.Durable;
using Dweb.Durable.Hub;

namespace Dweb.Functions.Hosting;

/// <summary>The hub in this process: the program runs alone.</summary>
internal sealed class EmbeddedEngine(EmbeddedHub hub) : IOrchestrationEngine
{
    public CancellationToken Lost => hub.LeaseLost;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await hub.StartAsync(cancellationToken);
        }
        catch (HubLeaseException taken)
        {
            throw new DwebException(Catalogue.HubTaken, taken.Message, "AzureWebJobsStorage", taken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => hub.StopAsync(cancellationToken);
}
