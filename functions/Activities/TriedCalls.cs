using Dweb.Chain.Contracts;
using Dweb.Chain.Transactions;

namespace Dweb.Functions.Activities;

/// <summary>
/// Sends what anyone may send. Each call is tried on the node first, so that a refusal costs nothing: somebody else was first, or a user has no
/// money left.
/// </summary>
internal sealed class TriedCalls(SenderPool senders)
{
    /// <returns>False when the contract refuses.</returns>
    public async Task<bool> SendAsync(ContractCall call, CancellationToken cancellationToken)
    {
        try
        {
            await senders.SendAsync(call, gasLimit: null, cancellationToken);
            return true;
        }
        catch (TransactionRevertedException)
        {
            return false;
        }
    }

    /// <summary>All of them in one call; one by one when that is refused, so that one holds up no other.</summary>
    /// <returns>How many went through.</returns>
    public async Task<int> SendAsync<T>(IReadOnlyList<T> all, Func<IReadOnlyList<T>, ContractCall> call, CancellationToken cancellationToken)
    {
        if (await SendAsync(call(all), cancellationToken))
        {
            return all.Count;
        }

        int done = 0;
        foreach (var one in all.Count > 1 ? all : [])
        {
            done += await SendAsync(call([one]), cancellationToken) ? 1 : 0;
        }

        return done;
    }
}
