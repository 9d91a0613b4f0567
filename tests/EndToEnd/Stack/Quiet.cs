using Dweb.Core.Protocol.Messages;
using Dweb.Local.Stack;

namespace Dweb.EndToEnd.Tests.Stack;

/// <summary>Ends whatever still runs, so that nothing but a test changes anything.</summary>
internal static class Quiet
{
    public static async Task ComeToRestAsync(this RealStack stack, CancellationToken cancellationToken)
    {
        foreach (var opened in (await stack.Chain.OpeningsAsync(cancellationToken)).DistinctBy(static o => o.OrderHash))
        {
            if (await IsOpenAsync(stack, opened.LeaseId, cancellationToken))
            {
                (await stack.CliAsync(Role.User, cancellationToken, "close", opened.OrderHash.ToString())).Json();
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

    private static async Task<bool> IsOpenAsync(RealStack stack, Core.Protocol.Hash32 lease, CancellationToken cancellationToken) =>
        await stack.Chain.StateOfAsync(lease, cancellationToken) == LeaseState.Open;
}
