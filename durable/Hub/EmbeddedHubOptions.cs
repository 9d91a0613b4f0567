using System.Text.RegularExpressions;
using Azure.Data.Tables;
using Azure.Storage.Blobs;

namespace Dweb.Durable;

/// <summary>Settings of the embedded hub; checked when the hub is built.</summary>
public sealed partial record EmbeddedHubOptions
{
    /// <summary>Prefix of the hub's tables and container: 3 to 40 letters and digits, a letter first.</summary>
    public required string HubName { get; init; }

    /// <summary>Where the hub's tables are.</summary>
    public required TableServiceClient Tables { get; init; }

    /// <summary>Where the hub's lease and large payloads are.</summary>
    public required BlobServiceClient Blobs { get; init; }

    /// <summary>A folder on this machine whose lock file lets a restart take the lease over at once; null to wait for the lease to run out.</summary>
    public string? LockDirectory { get; init; }

    /// <summary>Length of the lease on the hub, 15 to 60 seconds.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Activities that run at a time, 1 to 10,000.</summary>
    public int MaxConcurrentActivities { get; init; } = 64;

    /// <summary>Orchestrator turns that run at a time, 1 to 1,000.</summary>
    public int MaxConcurrentTurns { get; init; } = 16;

    /// <summary>Waiting instances that keep their history in memory, 1 to 1,000,000; others read it again when something arrives for them.</summary>
    public int MaxIdleInstances { get; init; } = 1_000;

    internal EmbeddedHubOptions Validated()
    {
        Require(NamePattern().IsMatch(HubName), nameof(HubName), HubName, "3 to 40 letters and digits, a letter first");
        Require(LeaseDuration >= TimeSpan.FromSeconds(15) && LeaseDuration <= TimeSpan.FromSeconds(60), nameof(LeaseDuration), LeaseDuration, "15 to 60 seconds");
        Require(MaxConcurrentActivities is >= 1 and <= 10_000, nameof(MaxConcurrentActivities), MaxConcurrentActivities, "1 to 10,000");
        Require(MaxConcurrentTurns is >= 1 and <= 1_000, nameof(MaxConcurrentTurns), MaxConcurrentTurns, "1 to 1,000");
        Require(MaxIdleInstances is >= 1 and <= 1_000_000, nameof(MaxIdleInstances), MaxIdleInstances, "1 to 1,000,000");
        return this;
    }

    private static void Require(bool holds, string setting, object value, string range)
    {
        if (!holds)
        {
            throw new ArgumentException($"The embedded hub's setting {setting} is '{value}', which is outside its range: {range}.", setting);
        }
    }

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9]{2,39}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamePattern();
}
