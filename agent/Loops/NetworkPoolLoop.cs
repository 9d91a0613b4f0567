using Dweb.Agent.Isolation;
using Dweb.Agent.Runtimes;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dweb.Agent.Loops;

/// <summary>Keeps networks ready for deployments that come, and removes those of deployments that went.</summary>
internal sealed partial class NetworkPoolLoop(DeploymentNetworks networks, TimeProvider time, ILogger<NetworkPoolLoop> log) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);

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

            // The engine has a container to start first, for which the network was taken.
            await Task.Delay(Quiet, time, stoppingToken);
        }
    }

    [LoggerMessage(370, LogLevel.Warning, "No network can be kept ready: {Reason}")]
    private partial void Unbalanced(string reason);
}
