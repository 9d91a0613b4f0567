using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;

namespace Dweb.Agent.Trust;

/// <summary>Which blocks a reading refers to.</summary>
internal enum ChainView
{
    /// <summary>The newest block.</summary>
    Head,

    /// <summary>Blocks that a reorganisation will not replace.</summary>
    Safe,
}

/// <summary>What the chain answers to an assignment.</summary>
/// <param name="Mismatch">Why order, services and image of the assignment are not those of its lease; then there is no ticket.</param>
internal sealed record TicketAnswer(LeaseTicket? Ticket, Refusal? Mismatch);

/// <summary>The chain, read from the agent's own nodes: the only authority on what it runs.</summary>
internal interface ITicketSource
{
    /// <summary>Gives the chain what the control plane said; the chain hashes it and answers what it holds of the lease.</summary>
    /// <returns>A ticket of state None when the lease book knows no such lease.</returns>
    /// <exception cref="Dweb.Chain.Rpc.RpcUnavailableException">No node answers.</exception>
    Task<TicketAnswer> ReadAsync(AssignmentDocument assignment, ChainView at, CancellationToken cancellationToken);

    /// <summary>What the chain holds under the id alone: enough to know when a container stops, not to start one. It says nothing of the image.</summary>
    /// <returns>State None when the lease book knows no such lease.</returns>
    /// <exception cref="Dweb.Chain.Rpc.RpcUnavailableException">No node answers.</exception>
    Task<LeaseTicket> ReadAsync(Hash32 leaseId, ChainView at, CancellationToken cancellationToken);

    /// <returns>Timestamp of the newest block, Unix seconds.</returns>
    /// <exception cref="Dweb.Chain.Rpc.RpcUnavailableException">No node answers.</exception>
    Task<ulong> ReadTimeAsync(CancellationToken cancellationToken);
}
