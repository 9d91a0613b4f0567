namespace Dweb.Chain.Rpc;

public sealed record JsonRpcOptions
{
    /// <summary>For one HTTP exchange.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a read is tried in all, 1 to 10.</summary>
    public int ReadAttempts { get; init; } = 3;

    /// <summary>Wait before the second attempt; doubles each time.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>A longer answer is refused.</summary>
    public long MaxResponseBytes { get; init; } = 64 * 1024 * 1024;
}
