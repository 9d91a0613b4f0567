using Dweb.Core.Placement;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Scheduling.Member;

namespace Dweb.Functions.Tests.Scheduling;

/// <summary>Which lists of COEs a member takes from whoever asks it to sign.</summary>
public sealed class ConfinementCheckTests
{
    private static readonly Hash32 North = Keccak256.Hash("north");
    private static readonly Hash32 South = Keccak256.Hash("south");
    private static readonly PlacementPreferences Signed = PlacementPreferences.Of([North, South]);
    private static readonly Service Free = new(Keccak256.Hash("image"), Keccak256.Hash("spec"), 1, default, default, 0, 0, Hash32.Zero);
    private static readonly PlacementRequest Request = PlacementRequest.ForNewOrder(Keccak256.Hash("order"), [Free, Free with { PlacementHash = Signed.Hash() }], 60);

    [Fact]
    public void The_signed_list_confines_its_service_and_no_other()
    {
        var applied = ConfinementCheck.Apply(Request, With(new ServiceCoes(1, Signed.Coes)));
        Assert.Equal([(ushort)1], applied.Confined.Keys);
        Assert.Equal(Signed.Coes, applied.Confined[1].Order());
    }

    [Fact]
    public void Any_other_list_is_refused_by_name()
    {
        AssertRefused("evidence.confined[0]", With(new ServiceCoes(1, [North])));
        AssertRefused("evidence.confined[0]", With(new ServiceCoes(1, [.. Signed.Coes.Reverse()])));
        AssertRefused("evidence.confined[0]", With(new ServiceCoes(0, Signed.Coes)));
        AssertRefused("evidence.confined[0]", With(new ServiceCoes(2, Signed.Coes)));
        AssertRefused("evidence.confined[1]", With(new ServiceCoes(1, Signed.Coes), new ServiceCoes(0, [])));
    }

    [Fact]
    public void A_missing_list_is_refused_only_where_a_replica_needs_it()
    {
        AssertRefused("evidence.confined", With());
        AssertRefused("evidence.confined", With() with { Confined = null });
        Assert.Empty(ConfinementCheck.Apply(Request with { Slots = [new ReplicaSlot(0, 0, 0)] }, With() with { Confined = null }).Confined[1]);
    }

    private static PlacementEvidence With(params IReadOnlyList<ServiceCoes> lists) => new(1, [], [], null) { Confined = lists };

    private static void AssertRefused(string field, PlacementEvidence evidence)
    {
        var refused = Assert.Throws<DwebException>(() => ConfinementCheck.Apply(Request, evidence));
        Assert.Equal((Catalogue.MemberRefused, field), (refused.Error, refused.Field));
    }
}
