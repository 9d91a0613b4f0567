using Dweb.Agent.Images;
using Dweb.Agent.Runtimes;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dweb.Agent.Loops;

/// <summary>Keeps images within their budget.</summary>
internal sealed partial class ImageCacheLoop(ImageCache cache, TimeProvider time, ILogger<ImageCacheLoop> log) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(Period, time, stoppingToken);
            try
            {
                await cache.TrimAsync(stoppingToken);
            }
            catch (RuntimeException failure)
            {
                Untrimmed(failure.Message);
            }
        }
    }

    [LoggerMessage(415, LogLevel.Warning, "Images cannot be looked through: {Reason}")]
    private partial void Untrimmed(string reason);
}
