using Dweb.Agent.Isolation;
using Dweb.Agent.Machine;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dweb.Agent.Loops;

/// <summary>Puts the firewall's rules back when somebody has taken them out, as a host does that loads rules of its own, and follows the host's name servers.</summary>
internal sealed partial class FirewallLoop(IFirewall firewall, TimeProvider time, ILogger<FirewallLoop> log) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(Period, time, stoppingToken);
            try
            {
                if (await firewall.EnsureAsync(stoppingToken))
                {
                    Restored();
                }
            }
            catch (HostToolException failure)
            {
                Open(failure.Message);
            }
        }
    }

    [LoggerMessage(360, LogLevel.Warning, "The firewall's rules were not as they should be; they are in force again.")]
    private partial void Restored();

    [LoggerMessage(361, LogLevel.Critical, "The firewall's rules are not in force: {Reason}")]
    private partial void Open(string reason);
}
