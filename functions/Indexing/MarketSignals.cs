using System.Collections.Concurrent;
using Dweb.Core.Protocol;

namespace Dweb.Functions.Indexing;

/// <summary>What long polls wait for: something changed about a COE, or about an order.</summary>
internal sealed class MarketSignals
{
    private readonly ConcurrentDictionary<Hash32, ChangeSignal> coes = new();
    private readonly ConcurrentDictionary<Hash32, ChangeSignal> orders = new();
    private volatile bool isStopping;

    /// <summary>The program is to end: nobody should wait for a change any more.</summary>
    public bool IsStopping => isStopping;

    public ChangeSignal Coe(Hash32 coe) => coes.GetOrAdd(coe, static _ => new ChangeSignal());

    public ChangeSignal Order(Hash32 orderHash) => orders.GetOrAdd(orderHash, static _ => new ChangeSignal());

    /// <summary>Ends all waits, so that requests under way are answered before the program ends.</summary>
    public void Stop()
    {
        isStopping = true;
        foreach (var signal in coes.Values.Concat(orders.Values))
        {
            signal.Raise();
        }
    }
}

/// <summary>Wakes all who wait. Take <see cref="Next"/> before looking, then wait for it: no change in between is missed.</summary>
internal sealed class ChangeSignal
{
    private TaskCompletionSource next = Create();

    public Task Next => Volatile.Read(ref next).Task;

    public void Raise() => Interlocked.Exchange(ref next, Create()).SetResult();

    private static TaskCompletionSource Create() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
