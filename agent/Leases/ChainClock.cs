namespace Dweb.Agent.Leases;

/// <summary>The chain's time as last read, Unix seconds: the only clock by which leases end. It never runs backwards.</summary>
internal sealed class ChainClock
{
    private ulong now;

    public ulong Now => Interlocked.Read(ref now);

    public void Note(ulong timestamp)
    {
        ulong seen;
        while (timestamp > (seen = Now))
        {
            Interlocked.CompareExchange(ref now, timestamp, seen);
        }
    }
}
