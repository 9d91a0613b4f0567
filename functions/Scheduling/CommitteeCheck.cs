using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Functions.Indexing;

namespace Dweb.Functions.Scheduling;

/// <summary>Whether the members that a control plane knows can be a quorum of the committee on chain.</summary>
internal static class CommitteeCheck
{
    /// <param name="own">The member whose key is in this process.</param>
    /// <param name="others">Members that it asks.</param>
    /// <exception cref="DwebException">The own key is no member's, or all together are fewer than a quorum.</exception>
    public static async Task RunAsync(ChainContracts contracts, EvmAddress? own, int others, CancellationToken cancellationToken)
    {
        var members = contracts.SchedulerCommittee.MembersOfAsync(cancellationToken: cancellationToken);
        int quorum = await contracts.SchedulerCommittee.QuorumAsync(cancellationToken: cancellationToken);
        string committee = $"the committee is {quorum} of [{string.Join(", ", await members)}]";
        if (own is { } key && !(await members).Contains(key))
        {
            throw new DwebException(Catalogue.InvalidSetting, $"The key {key} of Dweb__SchedulerKeystore is no scheduler member's: {committee}.", "Dweb__SchedulerKeystore");
        }

        int known = others + (own is null ? 0 : 1);
        if (known < quorum)
        {
            throw new DwebException(
                Catalogue.InvalidSetting, $"{known} scheduler members are known here (Dweb__SchedulerKeystore and Dweb__Members) and are no quorum: {committee}.", "Dweb__Members");
        }
    }
}
