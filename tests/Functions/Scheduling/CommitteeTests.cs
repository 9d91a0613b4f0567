using System.Text.Json;
using Dweb.Chain.Signing;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Indexing;
using Dweb.Functions.Scheduling;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dweb.Functions.Tests.Scheduling;

/// <summary>A committee of three, two of which sign: one that is away, hangs or lies stops nothing, and one alone is no quorum however it is dressed up.</summary>
public sealed class CommitteeTests : IDisposable
{
    private static readonly TypedDataDomain Book = new(31337, EvmAddress.Parse("0x00000000000000000000000000000000000000b0"));
    private static readonly Fault Message = new(Keccak256.Hash("lease"), 1, 1, 2);
    private static readonly PrivateKey[] Keys = [.. Enumerable.Range(0, 3).Select(static _ => PrivateKey.Create())];
    private static readonly Hash32 Digest = Book.Digest(Message.StructHash());

    private static readonly Dictionary<string, Func<Task<LyingMember>>> Lies = new(StringComparer.Ordinal)
    {
        ["a signature of another message"] = static () => SaysAsync(Keys[2].SignDigest(Keccak256.Hash("other"))),
        ["a signature of a key that is no member"] = static () => SaysAsync(PrivateKey.Create().SignDigest(Digest)),
        ["a signature of no key"] = static () => SaysAsync(new EvmSignature(Hash32.Zero, Hash32.Zero, 27)),
        ["the signature that another has given"] = static () => SaysAsync(Keys[0].SignDigest(Digest)),
        ["no signature"] = static () => LyingMember.StartAsync(200, "{}"),
        ["no JSON"] = static () => LyingMember.StartAsync(200, "yes"),
        ["more than anybody reads"] = static () => LyingMember.StartAsync(200, new string(' ', 1024 * 1024)),
        ["a refusal without a reason"] = static () => LyingMember.StartAsync(500, "<html>"),
        ["nothing for ever"] = static () => LyingMember.StartAsync(static context => Task.Delay(Timeout.Infinite, context.RequestAborted)),
    };

    private readonly HttpClient http = new() { MaxResponseContentBufferSize = RemoteMember.LargestAnswer };

    public static TheoryData<string> Names => [.. Lies.Keys];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => http.Dispose();

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Names))]
    public async Task One_that_lies_stops_nothing(string lie)
    {
        await using var liar = await Lies[lie]();
        var signatures = await Of(Remote(liar.Address), Honest(0), Honest(1)).SignAsync(Message, Cancel);
        EvmAddress[] signers = [.. signatures.Select(static signature => Secp256k1.Recover(Digest, signature)!.Value)];
        Assert.Equal(((EvmAddress[])[Keys[0].Address, Keys[1].Address]).Order(), signers);
    }

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Names))]
    public async Task One_honest_member_and_one_that_lies_are_no_quorum_and_each_is_named(string lie)
    {
        await using var liar = await Lies[lie]();
        var missed = await Assert.ThrowsAsync<QuorumMissedException>(() => Of(Honest(0), Remote(liar.Address, TimeSpan.FromSeconds(1))).SignAsync(Message, Cancel));
        var refusal = Assert.Single(missed.Refusals);
        Assert.Equal(liar.Address.Authority, refusal.Member);
        Assert.StartsWith("1 of the 2 members", missed.Message, StringComparison.Ordinal);
        Assert.Contains(refusal.Refusal.Message, missed.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task One_that_is_not_there_stops_nothing()
    {
        Uri nowhere = new($"http://127.0.0.1:{Dweb.Local.Stack.FreePorts.One()}");
        Assert.Equal(2, (await Of(Remote(nowhere), Honest(0), Honest(2)).SignAsync(Message, Cancel)).Count);
    }

    [Fact]
    public async Task A_single_key_behind_three_addresses_is_one_member()
    {
        var missed = await Assert.ThrowsAsync<QuorumMissedException>(() => Of(Honest(0), Honest(0), Honest(0)).SignAsync(Message, Cancel));
        Assert.Equal(2, missed.Refusals.Count);
        Assert.All(missed.Refusals, static refusal => Assert.Equal(Catalogue.SignatureMismatch, refusal.Refusal.Error));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_refusal_comes_through_with_its_code_its_words_and_its_field()
    {
        var problem = Problem.From(new DwebException(Catalogue.CoeHeard, "COE north was heard.", "evidence.silent[0]"));
        await using var member = await LyingMember.StartAsync(409, JsonSerializer.Serialize(problem, DwebJson.Default.Problem));
        var missed = await Assert.ThrowsAsync<QuorumMissedException>(() => Of(Honest(0), Remote(member.Address)).SignAsync(Message, Cancel));
        var refusal = Assert.Single(missed.Refusals).Refusal;
        Assert.Equal((Catalogue.CoeHeard, "COE north was heard.", "evidence.silent[0]"), (refusal.Error, refusal.Message, refusal.Field));
    }

    [Fact]
    public void What_members_hear_or_do_not_hear_is_learnt_from_the_fields_of_their_refusals()
    {
        var (silent, chosen, other) = (Keccak256.Hash("silent"), Keccak256.Hash("chosen"), Keccak256.Hash("other"));
        var plan = new Plan(Keccak256.Hash("order"), [new PlanEntry(0, 0, 0, other, 1), new PlanEntry(0, 1, 0, chosen, 1)], 1, 2);
        var missed = new QuorumMissedException(0, 2, [
            new MemberRefusal("a", new DwebException(Catalogue.CoeHeard, "", "evidence.silent[0]")),
            new MemberRefusal("b", new DwebException(Catalogue.CoeSilent, "", "plan.entries[1].coe")),
            new MemberRefusal("c", new DwebException(Catalogue.CoeHeard, "", "evidence.silent[7]")),
        ]);
        var corrections = new HearingCorrections();
        corrections.Learn(missed, plan, new PlacementEvidence(1, [silent], [], null));
        Assert.True(corrections.IsHeard(silent, heardHere: false));
        Assert.False(corrections.IsHeard(chosen, heardHere: true));
        Assert.True(corrections.IsHeard(other, heardHere: true));
    }

    private RemoteMember Remote(Uri address, TimeSpan? patience = null) => new(http, address, patience ?? TimeSpan.FromMinutes(5));

    private static SignsAnything Honest(int member) => new(Keys[member]);

    private static Task<LyingMember> SaysAsync(EvmSignature signature) =>
        LyingMember.StartAsync(200, JsonSerializer.Serialize(new CommitteeSignature(signature), DwebJson.Default.CommitteeSignature));

    private static Committee Of(params IReadOnlyList<ICommitteeMember> members)
    {
        var market = new Market { Governed = new GovernedTerms(default, 100, new CommitteeSeats(1, [.. Keys.Select(static key => key.Address)], 2)) };
        var history = new MarketHistory();
        history.Add(1, 1, market, changed: true);
        return new Committee(members, null, Book, history, NullLogger<Committee>.Instance);
    }

    private sealed class SignsAnything(PrivateKey key) : ICommitteeMember
    {
        public string Name => key.Address.ToString();

        public async Task<EvmSignature> SignAsync(CommitteeRequest request, CancellationToken cancellationToken)
        {
            await Task.Yield();
            return key.SignDigest(Book.Digest(request.StructHash()));
        }
    }
}
