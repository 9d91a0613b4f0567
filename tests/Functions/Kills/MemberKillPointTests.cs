using System.Text.Json.Serialization;
using Dweb.Core.Protocol.Http;
using Dweb.Functions.Tests.Stack;

namespace Dweb.Functions.Tests.Kills;

/// <summary>
/// One of three scheduler members is killed when it is asked for a signature, and when it has signed and not answered, at each of them that the story of an order
/// asks it for. The other two are a quorum, so the story ends the same; started again, the member signs as before.
/// </summary>
[Trait("Category", "Integration")]
public sealed class MemberKillPointTests : IAsyncDisposable
{
    private readonly KillRun run = new(Theatre.OfAMember);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => run.DisposeAsync();

    [Fact(Timeout = 2 * TestStack.PatienceMs)]
    public Task A_story_ends_the_same_whatever_signature_a_member_dies_at() => KillAsync(atMost: 2);

    [Fact(Explicit = true)]
    public Task A_story_ends_the_same_at_every_signature_that_a_member_can_die_at() => KillAsync(atMost: int.MaxValue);

    private async Task KillAsync(int atMost)
    {
        // A verdict belongs to another story: DisputeTests kill its signer.
        var kinds = typeof(CommitteeRequest).GetCustomAttributes(typeof(JsonDerivedTypeAttribute), inherit: false).Cast<JsonDerivedTypeAttribute>()
            .Select(static kind => (string)kind.TypeDiscriminator!).Where(static kind => kind != "verdict");
        var points = await run.KillAsync(atMost, Cancel);
        Assert.Equal(
            kinds.Select(static kind => $"signature of {kind}").Order(StringComparer.Ordinal),
            points.Select(static point => point.Write).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }
}
