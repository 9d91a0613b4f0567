using Dweb.Chain.Contracts;
using Dweb.Chain.Rpc;
using Dweb.Core.Protocol;

namespace Dweb.Cli.Onchain;

/// <summary>The proposals of one DAO, as its governor announced them.</summary>
internal sealed class DaoProposals(DwebChain chain, DaoFactory.Events.DaoCreated dao)
{
    public DaoGovernor Governor { get; } = new(chain.Client, dao.Governor);

    /// <param name="text">The title, the id or the beginning of the id.</param>
    /// <exception cref="Core.Protocol.Errors.DwebException">None, or more than one, fits.</exception>
    public async Task<DaoGovernor.Events.ProposalCreated> ResolveAsync(string text, CancellationToken cancellationToken) => NameResolution.Resolve(
        text, "proposal", await ReadAsync(cancellationToken), static proposal => ChainEvents.Topic(proposal.ProposalId), static proposal => proposal.Description);

    public async Task<IReadOnlyList<DaoGovernor.Events.ProposalCreated>> ReadAsync(CancellationToken cancellationToken)
    {
        var logs = await ChainEvents.ReadAsync(
            chain.Client, [dao.Governor], [[DaoGovernor.Events.ProposalCreated.Topic]], chain.Addresses.Block, null, cancellationToken);
        return [.. logs.Select(Decode).OfType<DaoGovernor.Events.ProposalCreated>()];
    }

    public static DaoGovernor.Events.ProposalCreated? Decode(ChainLog log) => DaoGovernor.Events.ProposalCreated.TryDecode(log, out var created) ? created : null;

    public ContractCall Queue(DaoGovernor.Events.ProposalCreated proposal) =>
        Governor.Queue(proposal.Targets, proposal.Values, proposal.Calldatas, Keccak256.Hash(proposal.Description));

    public ContractCall Cancel(DaoGovernor.Events.ProposalCreated proposal) =>
        Governor.Cancel(proposal.Targets, proposal.Values, proposal.Calldatas, Keccak256.Hash(proposal.Description));

    public ContractCall Execute(DaoGovernor.Events.ProposalCreated proposal) =>
        Governor.Execute(proposal.Targets, proposal.Values, proposal.Calldatas, Keccak256.Hash(proposal.Description));
}
