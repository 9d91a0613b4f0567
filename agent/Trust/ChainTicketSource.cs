using Dweb.Chain.Contracts;
using Dweb.Chain.Rpc;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Core.Resources;

namespace Dweb.Agent.Trust;

/// <summary>Reads tickets from the lease book.</summary>
internal sealed class ChainTicketSource(ChainNodes nodes, Hash32 coe, EvmAddress leaseBook) : ITicketSource
{
    private uint? grace;

    public Task<TicketAnswer> ReadAsync(AssignmentDocument assignment, ChainView at, CancellationToken cancellationToken) => nodes.AskAsync(async node =>
    {
        var order = assignment.Order.ToMessage();
        try
        {
            var ticket = await new LeaseBook(node, leaseBook).TicketAsync(
                ContractArguments.Of(order), ContractArguments.Of(order.Services), ContractArguments.Of(assignment.KeyOn(coe)), assignment.ImageDigest,
                BlockOf(at), cancellationToken);
            return new TicketAnswer(From(ticket), Mismatch: null);
        }
        catch (CallRevertedException refused) when (TicketMismatch.Read(refused.Error) is { } mismatch)
        {
            return new TicketAnswer(Ticket: null, mismatch);
        }
    });

    public Task<LeaseTicket> ReadAsync(Hash32 leaseId, ChainView at, CancellationToken cancellationToken) => nodes.AskAsync(async node =>
    {
        var book = new LeaseBook(node, leaseBook);
        grace ??= (await book.ParamsAsync(cancellationToken: cancellationToken)).Grace;
        return From(await book.LeaseOfAsync(leaseId, BlockOf(at), cancellationToken), grace.Value);
    });

    public Task<ulong> ReadTimeAsync(CancellationToken cancellationToken) =>
        nodes.AskAsync(async node => (await node.GetHeadAsync(cancellationToken)).Timestamp);

    private static BlockTag BlockOf(ChainView at) => at == ChainView.Safe ? BlockTag.Safe : BlockTag.Latest;

    private static LeaseTicket From(Ticket ticket) => new(
        (LeaseState)ticket.State,
        (EndReason)ticket.Reason,
        ticket.OrderHash,
        ticket.Service,
        ticket.Replica,
        ticket.Generation,
        ticket.Coe,
        ticket.Agent,
        ticket.ImageDigest,
        ticket.SpecHash,
        ResourceVector.FromList(ticket.Reserved),
        ticket.FundedUntil,
        ticket.KeptUntil,
        ticket.ImageMinted,
        ticket.ImageMalicious,
        ticket.ImagePublisher,
        ticket.ImageComponentsHash,
        ContractResults.Of(ticket.Settled));

    private static LeaseTicket From(Lease lease, uint grace)
    {
        ulong fundedUntil = (LeaseState)lease.State is LeaseState.Open or LeaseState.Parked ? (ulong)lease.Origin + lease.Limit : lease.EndedAt;
        return new LeaseTicket(
            (LeaseState)lease.State, (EndReason)lease.Reason, Hash32.Zero, 0, 0, 0, Hash32.Zero, EvmAddress.Zero, Hash32.Zero, Hash32.Zero, ResourceVector.Zero,
            fundedUntil, fundedUntil + grace, ImageMinted: false, ImageMalicious: false, EvmAddress.Zero, Hash32.Zero, ContractResults.Of(lease.Settled));
    }
}
