using Azure;
using Azure.Core;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Functions.Stores;

/// <summary>The storage account: tables, queues and blobs that belong to Dweb start with its prefix.</summary>
internal sealed class StorageAccount
{
    public const string Prefix = "dweb";
    private readonly QueueServiceClient rawQueues;

    public StorageAccount(string connectionString)
    {
        try
        {
            Tables = new TableServiceClient(connectionString, WithShortRetries(new TableClientOptions()));
            Queues = new QueueServiceClient(connectionString, WithShortRetries(new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 }));
            rawQueues = new QueueServiceClient(connectionString, WithShortRetries(new QueueClientOptions()));
            Blobs = new BlobServiceClient(connectionString, WithShortRetries(new BlobClientOptions()));
        }
        catch (Exception malformed) when (malformed is FormatException or ArgumentException or InvalidOperationException)
        {
            // The connection string holds a key, so it is not repeated.
            throw new DwebException(Catalogue.InvalidSetting, "The setting AzureWebJobsStorage is no connection string of a storage account.", "AzureWebJobsStorage", malformed);
        }
    }

    public TableServiceClient Tables { get; }

    public QueueServiceClient Queues { get; }

    public BlobServiceClient Blobs { get; }

    public TableClient Table(string name) => Tables.GetTableClient(Prefix + name);

    public QueueClient Queue(string fullName) => Queues.GetQueueClient(fullName);

    /// <summary>A queue whose messages are read and written as they lie there: others may have put in what is no base64.</summary>
    public QueueClient RawQueue(string fullName) => rawQueues.GetQueueClient(fullName);

    public BlobContainerClient Container(string name) => Blobs.GetBlobContainerClient($"{Prefix}-{name}");

    /// <exception cref="DwebException">One of its services does not answer, or refuses.</exception>
    public async Task CheckReachableAsync(CancellationToken cancellationToken)
    {
        var queues = Queues.GetPropertiesAsync(cancellationToken);
        var blobs = Blobs.GetPropertiesAsync(cancellationToken);
        await AnswersAsync(Tables.Uri, Tables.GetPropertiesAsync(cancellationToken));
        await AnswersAsync(Queues.Uri, queues);
        await AnswersAsync(Blobs.Uri, blobs);
    }

    private static async Task AnswersAsync<T>(Uri service, Task<Response<T>> question)
    {
        try
        {
            await question;
        }
        catch (Exception failure) when (failure is RequestFailedException or AggregateException)
        {
            string authority = service.GetLeftPart(UriPartial.Authority);
            string problem = failure is RequestFailedException { Status: > 0 } refusal
                ? $"The storage account at {authority} answers {refusal.Status} {refusal.ErrorCode}".TrimEnd() + $": {FirstLine(refusal)}"
                : $"The storage account at {authority} does not answer: {FirstLine(failure)}";
            throw new DwebException(Catalogue.StorageUnreachable, problem, inner: failure);
        }
    }

    private static string FirstLine(Exception failure) => (failure is AggregateException { InnerException: { } inner } ? inner : failure).Message.Split('\n')[0].Trim();

    private static T WithShortRetries<T>(T options) where T : ClientOptions
    {
        options.Retry.MaxRetries = 3;
        options.Retry.Delay = TimeSpan.FromMilliseconds(100);
        options.Retry.MaxDelay = TimeSpan.FromSeconds(1);
        options.Retry.NetworkTimeout = TimeSpan.FromSeconds(10);
        options.Diagnostics.IsTelemetryEnabled = false;
        options.Diagnostics.IsLoggingEnabled = false;
        options.Diagnostics.IsDistributedTracingEnabled = false;
        return options;
    }
}
