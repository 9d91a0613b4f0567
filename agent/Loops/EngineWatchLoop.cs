using Dweb.Agent.Leases;
using Dweb.Agent.Runtimes;
using Dweb.Agent.Trust;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dweb.Agent.Loops;

/// <summary>Has a lease's worker look at its container when that starts, ends or changes its health.</summary>
internal sealed partial class EngineWatchLoop(IContainerRuntime runtime, LeaseTable table, AgentStanding me, TimeProvider time, ILogger<EngineWatchLoop> log) : BackgroundService
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var backoff = new Backoff(First, Most, time);
        bool silent = false;
        while (true)
        {
            try
            {
                await foreach (string? container in runtime.WatchAsync(me.Coe, stoppingToken))
                {
                    backoff.Reset();
                    silent = false;
                    if (container is null)
                    {
                        table.DoubtAll();
                    }
                    else
                    {
                        table.Doubt(container);
                    }
                }
            }
            catch (RuntimeException failure)
            {
                if (!silent)
                {
                    EngineSilent(failure.Message);
                }

                silent = true;
            }

            // What happens while nobody watches is seen once somebody does again.
            await backoff.WaitAsync(stoppingToken);
        }
    }

    [LoggerMessage(330, LogLevel.Warning, "The engine's events stopped: {Reason}")]
    private partial void EngineSilent(string reason);
}
