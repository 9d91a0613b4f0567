using Dweb.Core.Protocol.Messages;
using Dweb.Local.Stack;

namespace Dweb.EndToEnd.Tests.Stack;

/// <summary>Ends whatever still runs, so that nothing but a test changes anything.</summary>
internal static class Quiet
{
    public static async Task ComeToRestAsync(this RealStack stack, CancellationToken cancellationToken)
    {
        foreach (var order in (await stack.Chain.OpeningsAsync(cancellationToken)).GroupBy(static opened => opened.OrderHash, static opened => opened.LeaseId))
        {
            // A replica that failed over runs in a later lease of its order.
            if (await AnyRunsAsync(stack, order, cancellationToken))
            {
                (await stack.CliAsync(Role.User, cancellationToken, "close", order.Key.ToString())).Json();
            }
        }

        await Deadline.UntilAsync("every lease is closed", async stop =>
        {
            foreach (var opened in await stack.Chain.OpeningsAsync(stop))
            {
                if (await stack.Chain.StateOfAsync(opened.LeaseId, stop) != LeaseState.Closed)
                {
                    return false;
                }
            }

            return true;
        }, cancellationToken);
        await Deadline.UntilAsync(
            "every container is removed", async stop => (await stack.Containers.ListAsync(stack.Local.Hosts.Select(static h => h.Coe), stop)).Count == 0, cancellationToken);
    }

    private static async Task<bool> AnyRunsAsync(RealStack stack, IEnumerable<Core.Protocol.Hash32> leases, CancellationToken cancellationToken)
    {
        foreach (var lease in leases)
        {
            if (await stack.Chain.StateOfAsync(lease, cancellationToken) is LeaseState.Open or LeaseState.Parked)
            {
                return true;
            }
        }

        return false;
    }
}
