using Dweb.Core.Protocol;

namespace Dweb.Agent.Trust;

/// <summary>Which blocks a reading refers to.</summary>
internal enum ChainView
{
    /// <summary>The newest block.</summary>
    Head,

    /// <summary>Blocks that a reorganisation will not replace.</summary>
    Safe,
}

/// <summary>The chain, read from the agent's own nodes: the only authority on what it runs.</summary>
internal interface ITicketSource
{
    /// <returns>State None when the lease book knows no such lease.</returns>
    /// <exception cref="Dweb.Chain.Rpc.RpcUnavailableException">No node answers.</exception>
    Task<LeaseTicket> ReadAsync(Hash32 leaseId, ChainView at, CancellationToken cancellationToken);

    /// <returns>Timestamp of the newest block, Unix seconds.</returns>
    /// <exception cref="Dweb.Chain.Rpc.RpcUnavailableException">No node answers.</exception>
    Task<ulong> ReadTimeAsync(CancellationToken cancellationToken);
}
