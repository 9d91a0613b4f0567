using Dweb.Agent.Leases;
using Dweb.Agent.Settings;
using Dweb.Agent.Trust;
using Dweb.Chain.Rpc;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dweb.Agent.Loops;

/// <summary>Reads the chain's time, by which leases run out. While no node answers nothing ends: no clock of this machine stands in.</summary>
internal sealed partial class ChainClockLoop(ITicketSource chain, ChainClock clock, AgentSettings settings, TimeProvider time, ILogger<ChainClockLoop> log) : BackgroundService
{
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var interval = TimeSpan.FromTicks(Math.Clamp(settings.UsageInterval.Ticks / 2, Least.Ticks, Most.Ticks));
        bool silent = false;
        while (true)
        {
            try
            {
                clock.Note(await chain.ReadTimeAsync(stoppingToken));
                if (silent)
                {
                    ChainAnswers();
                }

                silent = false;
            }
            catch (RpcUnavailableException failure)
            {
                if (!silent)
                {
                    ChainSilent(failure.Message);
                }

                silent = true;
            }

            await Task.Delay(interval, time, stoppingToken);
        }
    }

    [LoggerMessage(320, LogLevel.Warning, "{Reason} Leases are kept as they are until it answers.")]
    private partial void ChainSilent(string reason);

    [LoggerMessage(321, LogLevel.Information, "The chain answers again.")]
    private partial void ChainAnswers();
}
