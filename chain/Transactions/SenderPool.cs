using Dweb.Chain.Contracts;
using Dweb.Chain.Rpc;

namespace Dweb.Chain.Transactions;

/// <summary>
/// Several keys that may all send the same kinds of transaction: a slow one holds up only its own nonce. Each call goes to
/// the sender with the fewest waiting; equal ones take turns.
/// </summary>
public sealed class SenderPool : IDisposable
{
    private readonly Lock gate = new();
    private readonly IReadOnlyList<TransactionSender> senders;
    private readonly int[] waiting;
    private int last = -1;

    /// <param name="senders">At least one; the pool disposes of them.</param>
    public SenderPool(IReadOnlyList<TransactionSender> senders)
    {
        if (senders.Count == 0)
        {
            throw new ArgumentException("A pool has at least one sender.", nameof(senders));
        }

        this.senders = senders;
        waiting = new int[senders.Count];
    }

    public IReadOnlyList<TransactionSender> Senders => senders;

    /// <inheritdoc cref="TransactionSender.Bumped"/>
    public event EventHandler<FeeBumpEventArgs>? Bumped
    {
        add
        {
            foreach (var sender in senders)
            {
                sender.Bumped += value;
            }
        }

        remove
        {
            foreach (var sender in senders)
            {
                sender.Bumped -= value;
            }
        }
    }

    /// <inheritdoc cref="TransactionSender.SendAsync(ContractCall, ulong?, CancellationToken)"/>
    public async Task<TransactionReceipt> SendAsync(ContractCall call, ulong? gasLimit, CancellationToken cancellationToken)
    {
        int index = Take();
        try
        {
            return await senders[index].SendAsync(call, gasLimit, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref waiting[index]);
        }
    }

    public void Dispose()
    {
        foreach (var sender in senders)
        {
            sender.Dispose();
        }
    }

    private int Take()
    {
        lock (gate)
        {
            int best = (last + 1) % senders.Count;
            for (int step = 1; step < senders.Count; step++)
            {
                int candidate = (last + 1 + step) % senders.Count;
                best = Volatile.Read(ref waiting[candidate]) < Volatile.Read(ref waiting[best]) ? candidate : best;
            }

            last = best;
            Interlocked.Increment(ref waiting[best]);
            return best;
        }
    }
}
