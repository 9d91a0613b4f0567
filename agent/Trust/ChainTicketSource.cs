using Dweb.Chain.Contracts;
using Dweb.Chain.Rpc;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Core.Resources;

namespace Dweb.Agent.Trust;

/// <summary>Reads tickets from the lease book.</summary>
internal sealed class ChainTicketSource(ChainNodes nodes, EvmAddress leaseBook) : ITicketSource
{
    public Task<LeaseTicket> ReadAsync(Hash32 leaseId, ChainView at, CancellationToken cancellationToken) => nodes.AskAsync(async node =>
        From(await new LeaseBook(node, leaseBook).TicketAsync(leaseId, at == ChainView.Safe ? BlockTag.Safe : BlockTag.Latest, cancellationToken)));

    public Task<ulong> ReadTimeAsync(CancellationToken cancellationToken) =>
        nodes.AskAsync(async node => (await node.GetHeadAsync(cancellationToken)).Timestamp);

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
        ticket.ImageMinted,
        ticket.ImageMalicious,
        ticket.ImagePublisher,
        ticket.ImageComponentsHash,
        new UsageCounters(
            ticket.Settled.SecondsRun, ticket.Settled.Cpu, ticket.Settled.MemoryUsed, ticket.Settled.StorageUsed, ticket.Settled.Received, ticket.Settled.Sent));
}
