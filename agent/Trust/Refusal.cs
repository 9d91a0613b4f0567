using Dweb.Core.Protocol.Errors;

namespace Dweb.Agent.Trust;

/// <summary>Why a lease is not run: an entry of the catalogue, and one sentence with the values that explain it.</summary>
internal sealed record Refusal(ErrorCode Error, string Detail);
