namespace Dweb.Agent.Leases;

/// <summary>
/// What this agent refused may have been changed on its way here, and whoever assigned it does not know: control planes are asked for all that they assign
/// once more, not only whether it is still the same.
/// </summary>
internal sealed class Doubts : IDisposable
{
    private CancellationTokenSource next = new();

    /// <summary>Cancelled once an assignment is refused.</summary>
    public CancellationToken Next => Volatile.Read(ref next).Token;

    public void Note()
    {
        using var noted = Interlocked.Exchange(ref next, new CancellationTokenSource());
        noted.Cancel();
    }

    public void Dispose() => next.Dispose();
}
