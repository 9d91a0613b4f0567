using Dweb.Core.Protocol;

namespace Dweb.Agent.Trust;

/// <summary>Who this agent is on chain.</summary>
internal sealed record AgentStanding(Hash32 Coe, string CoeName, EvmAddress Key);
