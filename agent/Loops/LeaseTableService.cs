using Dweb.Agent.Leases;
using Microsoft.Extensions.Hosting;

namespace Dweb.Agent.Loops;

/// <summary>Takes up former leases before any loop starts, and ends the workers after every loop has stopped.</summary>
internal sealed class LeaseTableService(LeaseTable table) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => table.AdoptAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => table.StopAsync();
}
