namespace Dweb.Agent.ControlPlane;

/// <summary>
/// How far the control plane's clock is ahead of this machine's, learnt from its refusals. Only the time written into requests uses it;
/// no deadline does.
/// </summary>
internal sealed class ClockOffset(TimeProvider time)
{
    private long offsetMs;

    public long OffsetMs => Interlocked.Read(ref offsetMs);

    /// <returns>Unix time in milliseconds as the control plane's clock would show it.</returns>
    public long NowMs() => time.GetUtcNow().ToUnixTimeMilliseconds() + OffsetMs;

    /// <param name="serverTimeMs">Unix time in milliseconds, from an answer that just arrived.</param>
    public void Learn(long serverTimeMs) => Interlocked.Exchange(ref offsetMs, serverTimeMs - time.GetUtcNow().ToUnixTimeMilliseconds());
}
