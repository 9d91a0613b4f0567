using Dweb.Functions.Coes;
using Dweb.Functions.Settings;

namespace Dweb.Functions.Scheduling.Member;

/// <summary>Notices that this process stood still: what it did not hear then it holds against nobody.</summary>
internal sealed partial class HearingWatch(Heartbeats heartbeats, ProgramSettings settings, TimeProvider time, ILogger<HearingWatch> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(settings.Heartbeat / 4, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                if (heartbeats.Look())
                {
                    LogStoodStill(logger);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The program stops.
        }
    }

    [LoggerMessage(EventId = 7102, Level = LogLevel.Warning, Message = "This process has stood still for longer than a heartbeat; every COE gets its time to be heard anew")]
    private static partial void LogStoodStill(ILogger logger);
}
