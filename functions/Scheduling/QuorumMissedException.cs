using Dweb.Core.Protocol.Errors;

namespace Dweb.Functions.Scheduling;

/// <summary>Too few members signed a message. What it names may be mended, or may mend itself: it is worth another attempt.</summary>
internal sealed class QuorumMissedException(int signed, int quorum, IReadOnlyList<MemberRefusal> refusals)
    : Exception($"{signed} of the {quorum} members that are needed have signed. {string.Join(' ', refusals.Select(static r => $"{r.Member}: {r.Refusal.Message}"))}")
{
    public IReadOnlyList<MemberRefusal> Refusals { get; } = refusals;

    /// <summary>What the catalogue says of it.</summary>
    public static ErrorCode Error => Catalogue.QuorumMissed;
}

/// <summary>What a member said instead of signing.</summary>
internal sealed record MemberRefusal(string Member, DwebException Refusal);
