namespace Dweb.Agent.Leases;

/// <summary>How often to look for what comes by itself: soon at first, and the less often the longer it has been waited for.</summary>
internal sealed class Patience(LeasePolicy policy, TimeProvider time)
{
    private long? since;

    /// <returns>Half of the time that was waited so far, from <see cref="LeasePolicy.Retry"/> to <see cref="LeasePolicy.Recheck"/>.</returns>
    public TimeSpan Next()
    {
        since ??= time.GetTimestamp();
        var next = time.GetElapsedTime(since.Value) / 2;
        return next < policy.Retry ? policy.Retry : next > policy.Recheck ? policy.Recheck : next;
    }

    /// <summary>It came.</summary>
    public void Reset() => since = null;
}
