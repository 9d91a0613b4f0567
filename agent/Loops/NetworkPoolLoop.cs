using Dweb.Agent.Isolation;
using Dweb.Agent.Runtimes;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dweb.Agent.Loops;

/// <summary>Keeps networks ready for deployments that come, and removes those of deployments that went.</summary>
internal sealed partial class NetworkPoolLoop(DeploymentNetworks networks, ILogger<NetworkPoolLoop> log) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    // Making a network slows the start of a container beside it by half.
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Launch = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await networks.BalanceAsync(stoppingToken);
            }
            catch (RuntimeException failure)
            {
                // A deployment that needs a network says so itself.
                Unbalanced(failure.Message);
            }

            await networks.Changed.WaitAsync(Period, stoppingToken);

            // Where one comes after the other there may be no quiet time until nothing is ready any more.
            while (await networks.Changed.WaitAsync(networks.HasSpare ? Quiet : Launch, stoppingToken) && networks.HasSpare)
            {
            }
        }
    }

    [LoggerMessage(370, LogLevel.Warning, "No network can be kept ready: {Reason}")]
    private partial void Unbalanced(string reason);
}
