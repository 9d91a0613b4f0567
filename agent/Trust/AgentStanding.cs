using Dweb.Core.Protocol;

namespace Dweb.Agent.Trust;

/// <summary>Who this agent is on chain.</summary>
/// <param name="Book">Chain and address of the lease book: the ids of its leases are derived from them.</param>
internal sealed record AgentStanding(Hash32 Coe, string CoeName, EvmAddress Key, TypedDataDomain Book);
