using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Indexing;
using Dweb.Functions.Stores;
using Dweb.Functions.Tests.Settling;

namespace Dweb.Functions.Tests.Coes;

/// <summary>What an agent signs is taken at its word only as far as the chain would take it.</summary>
public sealed class UsageBookTests
{
    private const uint Ran = 10;
    private readonly Given given = new();
    private readonly LeaseRecord lease;

    public UsageBookTests()
    {
        given.Register("a");
        var opened = given.Open("a", "1");
        lease = opened with { State = LeaseState.Ending, EndedAt = Given.Origin + Ran, Settled = opened.Settled with { Seconds = Ran } };
    }

    [Fact]
    public void An_ended_lease_waits_for_what_it_is_still_to_be_paid()
    {
        given.Market.Put(lease with { Settled = lease.Settled with { Seconds = Ran - 1 } });
        given.Book.Take(Reported(Ran, cpu: 0));
        Assert.Equal([LeaseHandle.Of(lease.LeaseId)], given.Book.Unpaid());
    }

    [Fact]
    public void Nothing_that_is_only_recorded_keeps_an_ended_lease_from_being_closed()
    {
        given.Market.Put(lease);
        given.Book.Take(Reported(Ran, cpu: 1_000));
        Assert.Single(given.Book.Unsettled());
        Assert.Empty(given.Book.Unpaid());
    }

    [Fact]
    public void Nor_do_seconds_beyond_its_end()
    {
        given.Market.Put(lease);
        given.Book.Take(Reported(Ran + 1_000, cpu: 1));
        Assert.Empty(given.Book.Unpaid());
    }

    private SignedBatch Reported(uint seconds, ulong cpu)
    {
        var signed = Given.Sign("a", seconds, lease);
        return new SignedBatch(signed.Batch with { Entries = [signed.Batch.Entries[0] with { Cpu = cpu }] }, signed.Signature);
    }
}
