using Dweb.Chain.Signing;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Indexing;

namespace Dweb.Functions.Scheduling;

/// <summary>
/// Asks all members at once and returns as soon as a quorum has signed. A signature counts for the member that it was made by, whoever gave it: one
/// that is away, slow or lies is waited for only while the others are too few.
/// </summary>
internal sealed partial class Committee(IReadOnlyList<ICommitteeMember> members, EvmAddress? own, TypedDataDomain book, MarketHistory history, ILogger<Committee> logger)
    : ICommitteeSigners
{
    public EvmAddress? Own => own;

    public Task<IReadOnlyList<EvmSignature>> SignAsync(Plan plan, PlacementEvidence evidence, CancellationToken cancellationToken) =>
        CollectAsync(new PlanRequest(plan, evidence), cancellationToken);

    public Task<IReadOnlyList<EvmSignature>> SignAsync(Fault fault, CancellationToken cancellationToken) =>
        CollectAsync(new FaultRequest(fault, history.Newest.Block), cancellationToken);

    public Task<IReadOnlyList<EvmSignature>> SignAsync(Upgrade upgrade, PlacementEvidence evidence, CancellationToken cancellationToken) =>
        CollectAsync(new UpgradeRequest(upgrade, evidence), cancellationToken);

    public Task<IReadOnlyList<EvmSignature>> SignAsync(Verdict verdict, string spec, CancellationToken cancellationToken) =>
        CollectAsync(new VerdictRequest(verdict, spec, history.Newest.Block), cancellationToken);

    private async Task<IReadOnlyList<EvmSignature>> CollectAsync(CommitteeRequest request, CancellationToken cancellationToken)
    {
        var seats = history.Newest.Governed.Committee;
        var digest = book.Digest(request.StructHash());
        var signed = new SortedDictionary<EvmAddress, EvmSignature>();
        var refusals = new List<MemberRefusal>();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            await foreach (var asked in Task.WhenEach(members.Select(member => AskAsync(member, request, enough.Token))).WithCancellation(cancellationToken))
            {
                var answer = await asked;
                var refusal = answer.Refusal ?? Take(answer, digest, seats, signed);
                if (refusal is not null)
                {
                    LogRefused(logger, answer.Member, refusal.Error.Code, refusal.Message);
                    refusals.Add(new MemberRefusal(answer.Member, refusal));
                }

                if (signed.Count == seats.Quorum)
                {
                    return [.. signed.Values];
                }
            }
        }
        finally
        {
            await enough.CancelAsync();
        }

        throw new QuorumMissedException(signed.Count, seats.Quorum, refusals);
    }

    private static async Task<Answer> AskAsync(ICommitteeMember member, CommitteeRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return new Answer(member.Name, await member.SignAsync(request, cancellationToken), null);
        }
        catch (DwebException refused)
        {
            return new Answer(member.Name, default, refused);
        }
    }

    /// <returns>Why a signature does not count; null when it does.</returns>
    private static DwebException? Take(Answer answer, Hash32 digest, CommitteeSeats seats, SortedDictionary<EvmAddress, EvmSignature> signed) =>
        Secp256k1.Recover(digest, answer.Signature) is not { } signer ? Worthless("the signature is of no key for this message")
        : !seats.Members.Contains(signer) ? Worthless($"{signer}, whose signature it would be, is no member of epoch {seats.Epoch}")
        : !signed.TryAdd(signer, answer.Signature) ? Worthless($"member {signer} has signed already")
        : null;

    private static DwebException Worthless(string why) => new(Catalogue.SignatureMismatch, $"Its signature does not count: {why}.");

    private sealed record Answer(string Member, EvmSignature Signature, DwebException? Refusal);

    [LoggerMessage(EventId = 7001, Level = LogLevel.Warning, Message = "{Member} did not sign ({Code}): {Why}")]
    private static partial void LogRefused(ILogger logger, string member, string code, string why);
}
