using Dweb.Agent.Leases;
using Dweb.Agent.Runtimes;
using Dweb.Agent.Startup;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dweb.Agent.Loops;

/// <summary>Once another agent holds this COE's key for good: stops every container and ends the program with its own exit code.</summary>
internal sealed partial class RetirementLoop(
    Standing standing, LeaseTable table, ExitStatus exit, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<RetirementLoop> log) : BackgroundService
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await standing.Superseded.WaitAsync(stoppingToken);
        Superseded();
        await table.StopAsync();
        var backoff = new Backoff(First, Most, time);
        while (!await TryRetireAsync(stoppingToken))
        {
            await backoff.WaitAsync(stoppingToken);
        }

        exit.Code = ExitStatus.Superseded;
        lifetime.StopApplication();
    }

    private async Task<bool> TryRetireAsync(CancellationToken cancellationToken)
    {
        try
        {
            await table.RetireAsync(cancellationToken);
            return true;
        }
        catch (RuntimeException failure)
        {
            CannotStop(failure.Message);
            return false;
        }
    }

    [LoggerMessage(340, LogLevel.Error, "Another agent took over this COE's key. All containers are stopped and this agent ends.")]
    private partial void Superseded();

    [LoggerMessage(341, LogLevel.Error, "A container cannot be stopped: {Reason}")]
    private partial void CannotStop(string reason);
}
