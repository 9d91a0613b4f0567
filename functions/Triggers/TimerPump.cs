using System.Globalization;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Dweb.Functions.Hosting;
using Dweb.Functions.Stores;
using NCrontab;

namespace Dweb.Functions.Triggers;

/// <summary>
/// Starts one timer function when there is no Functions host. The last due time stands in a blob that is changed under its ETag, so that of
/// several processes exactly one starts each occurrence.
/// </summary>
internal sealed partial class TimerPump(StorageAccount storage, FunctionFile file, ITimerFunction function, Outages outages, TimeProvider time, ILogger<TimerPump> logger)
{
    internal const string ContainerName = "timers";
    private readonly CrontabSchedule schedule = CrontabSchedule.Parse(file.Schedule!, new CrontabSchedule.ParseOptions { IncludingSeconds = true });
    private readonly BlobContainerClient container = storage.Container(ContainerName);

    public async Task RunAsync(CancellationToken stopping)
    {
        await container.CreateIfNotExistsAsync(cancellationToken: stopping);
        try
        {
            if (file.RunOnStartup)
            {
                await FireAsync(time.GetUtcNow(), stopping, isStart: true);
            }

            while (true)
            {
                var now = time.GetUtcNow();
                var due = new DateTimeOffset(schedule.GetNextOccurrence(now.UtcDateTime), TimeSpan.Zero);
                await Task.Delay(due - now, time, stopping);
                await FireAsync(due, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The program stops.
        }
    }

    private async Task FireAsync(DateTimeOffset due, CancellationToken stopping, bool isStart = false)
    {
        using var scope = Invocation.Begin(logger, function.Name);
        try
        {
            if (isStart || await TakeAsync(due, stopping))
            {
                await function.RunAsync(due, stopping);
            }
        }
#pragma warning disable CA1031 // A timer that failed is due again; what it threw is in the log.
        catch (Exception failure) when (!stopping.IsCancellationRequested)
#pragma warning restore CA1031
        {
            if (!outages.Explain(failure))
            {
                LogTimerFailed(logger, failure, function.Name);
            }
        }
    }

    /// <summary>True for one of all processes that ask for this occurrence.</summary>
    internal async Task<bool> TakeAsync(DateTimeOffset due, CancellationToken stopping)
    {
        var blob = container.GetBlobClient(file.Name);
        var conditions = new BlobRequestConditions { IfNoneMatch = ETag.All };
        try
        {
            var last = await blob.DownloadContentAsync(stopping);
            if (DateTimeOffset.Parse(last.Value.Content.ToString(), CultureInfo.InvariantCulture) >= due)
            {
                return false;
            }

            conditions = new BlobRequestConditions { IfMatch = last.Value.Details.ETag };
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            // The first occurrence ever.
        }

        try
        {
            var content = BinaryData.FromString(due.ToString("O", CultureInfo.InvariantCulture));
            await blob.UploadAsync(content, new BlobUploadOptions { Conditions = conditions }, stopping);
            return true;
        }
        catch (RequestFailedException taken) when (taken.Status is 409 or 412)
        {
            return false;
        }
    }

    [LoggerMessage(EventId = 1011, Level = LogLevel.Error, Message = "The timer function {Function} failed.")]
    private static partial void LogTimerFailed(ILogger logger, Exception failure, string function);
}
