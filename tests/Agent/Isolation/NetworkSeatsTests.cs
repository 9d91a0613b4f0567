using CsCheck;
using Dweb.Agent.Isolation;
using Dweb.Core.Protocol;

namespace Dweb.Agent.Tests.Isolation;

public sealed class NetworkSeatsTests
{
    private const int Slots = 6;

    [Fact]
    public void No_network_ever_has_leases_of_two_deployments_or_more_than_it_has_addresses_for() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 30], Gen.Bool).Array[0, 120].Sample(static steps =>
        {
            var seats = new NetworkSeats(Slots);
            var where = new Dictionary<Hash32, (Hash32 Order, int Slot)>();
            foreach ((int order, int lease, bool comes) in steps)
            {
                var id = Id("lease", (order * 100) + lease);
                if (comes && Take(seats, Id("order", order), id) is { } slot)
                {
                    Assert.True(!where.TryGetValue(id, out var before) || before.Slot == slot);
                    where[id] = (Id("order", order), slot);
                }
                else if (!comes)
                {
                    seats.Release(id);
                    where.Remove(id);
                }

                foreach (var network in where.Values.GroupBy(static at => at.Slot))
                {
                    Assert.Single(network.Select(static at => at.Order).Distinct());
                    Assert.InRange(network.Count(), 1, AddressRange.ContainersInPart);
                }

                Assert.Equal(seats.Made.Count - where.Values.Select(static at => at.Slot).Distinct().Count(), seats.Free.Count);
            }
        });

    [Fact]
    public void Replicas_of_a_deployment_share_a_network_while_it_has_addresses()
    {
        var seats = new NetworkSeats(Slots);
        var slots = Enumerable.Range(0, AddressRange.ContainersInPart + 1).Select(lease => Take(seats, Id("order", 1), Id("lease", lease))!.Value).ToList();
        Assert.Equal(0, Assert.Single(slots[..^1].Distinct()));
        Assert.Equal(1, slots[^1]);
    }

    [Fact]
    public void When_all_networks_are_taken_there_is_none_to_make()
    {
        var seats = new NetworkSeats(Slots);
        for (int order = 0; order < Slots; order++)
        {
            Assert.Equal(order, Take(seats, Id("order", order), Id("lease", order)));
        }

        Assert.Null(seats.Take(Id("order", 99), Id("lease", 99)));
        Assert.Null(seats.NextUnmade);
        seats.Release(Id("lease", 3));
        Assert.Equal(3, seats.Take(Id("order", 99), Id("lease", 99)));
    }

    [Fact]
    public void A_network_with_a_container_on_it_is_not_taken_out()
    {
        var seats = new NetworkSeats(Slots);
        seats.Note(2, Id("order", 1), Id("lease", 1));
        seats.Remove(2);
        Assert.Contains(2, seats.Made);
        seats.Release(Id("lease", 1));
        seats.Remove(2);
        Assert.DoesNotContain(2, seats.Made);
    }

    private static int? Take(NetworkSeats seats, Hash32 order, Hash32 lease)
    {
        if (seats.Take(order, lease) is { } taken)
        {
            return taken;
        }

        if (seats.NextUnmade is not { } slot)
        {
            return null;
        }

        seats.Note(slot, order, lease);
        return slot;
    }

    private static Hash32 Id(string kind, int number) => Keccak256.Hash($"{kind} {number}");
}
