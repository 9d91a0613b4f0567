using System.Text.Json;

namespace Dweb.Functions.Triggers;

/// <summary>The part of host.json that the program follows itself when it runs without a Functions host.</summary>
internal sealed record HostDocument(HostExtensions Extensions)
{
    public static HostDocument Read(string scriptRoot)
    {
        string path = Path.Combine(scriptRoot, "host.json");
        return JsonSerializer.Deserialize(File.ReadAllBytes(path), TriggerJson.Default.HostDocument)
            ?? throw new InvalidOperationException($"{path} is empty.");
    }
}

internal sealed record HostExtensions(QueueSettings Queues);

/// <param name="MaxPollingInterval">Longest wait for a message that nobody announced in process.</param>
/// <param name="VisibilityTimeout">Wait before a failed message is tried again.</param>
/// <param name="BatchSize">Messages handled at a time, 1 to 32.</param>
/// <param name="MaxDequeueCount">After this many failures a message goes to the poison queue.</param>
internal sealed record QueueSettings(TimeSpan MaxPollingInterval, TimeSpan VisibilityTimeout, int BatchSize, int MaxDequeueCount);
