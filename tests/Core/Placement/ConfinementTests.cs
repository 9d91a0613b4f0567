using CsCheck;
using Dweb.Core.Placement;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Core.Tests.Placement;

public sealed class ConfinementTests
{
    private static readonly PlacementPreferences Second = PlacementPreferences.Of([Market.Id(2)]);

    [Fact]
    public void A_confined_service_goes_where_its_secrets_can_be_opened_and_the_others_anywhere()
    {
        Service[] services = [Market.Service(2) with { PlacementHash = Second.Hash() }, Market.Service(3)];
        var request = Market.Request(services) with { Confined = Confinement.Of(services, [new ServiceCoes(0, Second.Coes)]) };
        var result = Placer.Place(Market.Of(Market.Coe(1), Market.Coe(2), Market.Coe(3)), Market.AllLive, request);
        Assert.True(result.IsComplete);
        Assert.All(result.Entries.Where(static entry => entry.Service == 0), static entry => Assert.Equal(Market.Id(2), entry.Coe));
        Assert.Contains(result.Entries, static entry => entry.Service == 1 && entry.Coe != Market.Id(2));
        Assert.Contains(new("secrets", "without a key to its secrets", 2), result.Choices[0].Removed);
        Assert.Empty(result.Choices[^1].Removed);
    }

    [Fact]
    public void Where_nobody_who_can_open_them_can_take_it_it_waits_and_says_so()
    {
        Service[] services = [Market.Service(1) with { PlacementHash = Second.Hash() }];
        var request = Market.Request(services) with { Confined = Confinement.Of(services, [new ServiceCoes(0, Second.Coes)]) };
        var market = Market.Of(Market.Coe(1), Market.Coe(2), Market.Coe(3));
        var silent = Assert.Single(Placer.Place(market, Liveness.AllBut([Market.Id(2)]), request).Unplaced);
        Assert.Equal("None of 3 COEs can take it: 2 without a key to its secrets, 1 not heard from.", silent.Explain());
        Assert.True(silent.WaitsForSilentCoes);
        var gone = Assert.Single(Placer.Place(market, Market.AllLive, request with { Excluded = new HashSet<Core.Protocol.Hash32> { Market.Id(2) } }).Unplaced);
        Assert.Equal([("excluded", 1), ("secrets", 2)], gone.Removed.Select(static removed => (removed.Filter, removed.Count)));
    }

    [Fact]
    public void A_list_that_is_not_the_signed_one_or_is_not_known_lets_nobody_take_it() => Gen.Int[1, 5].Array[1, 5].Sample(numbers =>
    {
        var signed = PlacementPreferences.Of(numbers.Select(Market.Id));
        Service[] services = [Market.Service(1) with { PlacementHash = signed.Hash() }, Market.Service(1)];
        Assert.Equal(signed.Coes, Confinement.Of(services, [new ServiceCoes(0, signed.Coes)])[0].Order());
        Assert.Empty(Confinement.Of(services, [])[0]);
        Assert.Empty(Confinement.Of(services, [new ServiceCoes(1, signed.Coes)])[0]);
        Assert.Empty(Confinement.Of(services, [new ServiceCoes(0, [.. signed.Coes, Market.Id(6)])])[0]);
        Assert.Empty(Confinement.Of(services, [new ServiceCoes(0, [.. signed.Coes.Skip(1)])])[0]);
        Assert.DoesNotContain((ushort)1, Confinement.Of(services, [new ServiceCoes(1, signed.Coes)]).Keys);
    }, iter: 100);
}
