using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dweb.Durable.Storage;
using Dweb.Durable.Wire;

namespace Dweb.Durable.Hub;

/// <summary>What an instance is started with, by a client or by its parent.</summary>
internal sealed record NewInstance(string InstanceId, string Name, string? Input, ParentInstanceInfo? Parent = null, int ParentGeneration = 0, string? Version = null)
{
    public (InstanceRow Row, HistoryPage Seed) ToRows(DateTimeOffset now)
    {
        var seed = new HistoryPage();
        seed.Events.Add(HistoryEvents.TurnStarted(now));
        seed.Events.Add(HistoryEvents.Started(now, InstanceId, Name, Input, Guid.NewGuid().ToString("N"), Parent, Version));
        var inline = WorkItem.IsInline(Input);
        return (new InstanceRow
        {
            InstanceId = InstanceId,
            Name = Name,
            Version = Version,
            Status = OrchestrationStatus.Pending,
            CreatedAt = now,
            UpdatedAt = now,
            StartKey = StartKey(),
            Life = Guid.NewGuid().ToString("N")[..8],
            Input = inline ? Input : null,
            TextsInHistory = !inline,
        }, seed);
    }

    /// <summary>The same for two starts of one thing.</summary>
    public string StartKey()
    {
        var starter = Parent is null
            ? "client"
            : string.Create(CultureInfo.InvariantCulture, $"{Parent.OrchestrationInstance.InstanceId}\n{ParentGeneration}\n{Parent.TaskScheduledId}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{starter}\n{Name}\n{Input}")));
    }
}
