using System.Collections.Concurrent;

namespace Dweb.Agent.Leases;

/// <summary>The chain's time as last read, Unix seconds: the only clock by which leases end. It never runs backwards.</summary>
internal sealed class ChainClock
{
    private readonly ConcurrentDictionary<WakeSignal, ulong> alarms = new();
    private ulong now;

    public ulong Now => Interlocked.Read(ref now);

    public void Note(ulong timestamp)
    {
        ulong seen;
        while (timestamp > (seen = Now))
        {
            if (Interlocked.CompareExchange(ref now, timestamp, seen) == seen)
            {
                Ring();
            }
        }
    }

    /// <summary>Wakes once, when a time later than the present one is reached. One signal waits for one time.</summary>
    /// <param name="at">Unix seconds.</param>
    public void WakeAt(ulong at, WakeSignal wake)
    {
        if (at > Now)
        {
            alarms[wake] = at;
        }
        else
        {
            Forget(wake);
        }
    }

    public void Forget(WakeSignal wake) => alarms.TryRemove(wake, out _);

    private void Ring()
    {
        foreach (var alarm in alarms)
        {
            if (Now >= alarm.Value && alarms.TryRemove(alarm))
            {
                alarm.Key.Set();
            }
        }
    }
}
