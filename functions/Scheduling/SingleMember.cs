using Dweb.Chain.Signing;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Indexing;

namespace Dweb.Functions.Scheduling;

/// <summary>A committee of one, whose key is in this process.</summary>
internal sealed class SingleMember(ISigner key, ChainContracts contracts) : ICommitteeSigners
{
    public EvmAddress Own => key.Address;

    public Task<IReadOnlyList<EvmSignature>> SignAsync(Plan plan, CancellationToken cancellationToken) => Sign(plan.StructHash());

    public Task<IReadOnlyList<EvmSignature>> SignAsync(Upgrade upgrade, CancellationToken cancellationToken) => Sign(upgrade.StructHash());

    public Task<IReadOnlyList<EvmSignature>> SignAsync(Fault fault, CancellationToken cancellationToken) => Sign(fault.StructHash());

    public Task<IReadOnlyList<EvmSignature>> SignAsync(Verdict verdict, CancellationToken cancellationToken) => Sign(verdict.StructHash());

    private Task<IReadOnlyList<EvmSignature>> Sign(Hash32 structHash) => Task.FromResult<IReadOnlyList<EvmSignature>>([key.Sign(contracts.Book.Digest(structHash))]);

    /// <exception cref="DwebException">The chain's committee is another, or wants more signatures than one.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        var members = await contracts.SchedulerCommittee.MembersOfAsync(cancellationToken: cancellationToken);
        byte quorum = await contracts.SchedulerCommittee.QuorumAsync(cancellationToken: cancellationToken);
        if (!members.Contains(key.Address) || quorum != 1)
        {
            throw new DwebException(
                Catalogue.InvalidSetting,
                $"The key {key.Address} of Dweb__SchedulerKeystore cannot sign alone: the committee is {quorum} of [{string.Join(", ", members)}].",
                "Dweb__SchedulerKeystore");
        }
    }
}
