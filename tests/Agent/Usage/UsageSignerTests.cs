using Dweb.Agent.Tests.Support;
using Dweb.Agent.Usage;
using Dweb.Chain.Signing;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Agent.Tests.Usage;

public sealed class UsageSignerTests
{
    [Fact]
    public void A_batch_is_signed_in_the_lease_books_domain_and_its_entries_come_back()
    {
        var key = PrivateKey.Create();
        var book = new TypedDataDomain(31337, Given.Publisher);
        UsageEntry[] entries = [new(new LeaseHandle(1), 2, 3, 4, 5, 6, 7), new(new LeaseHandle(9), 1, 1, 1, 1, 1, 1)];
        var sent = Assert.Single(new UsageSigner(Given.Coe, book, key).SignAll(1_234, entries));

        Assert.Equal(entries, UsageBatch.UnpackEntries(Convert.FromHexString(sent.Entries[2..])));
        Assert.Equal(key.Address, Secp256k1.Recover(book.Digest(new UsageBatch(Given.Coe, 1_234, entries).StructHash()), sent.Signature));
        Assert.NotEqual(key.Address, Secp256k1.Recover(book.Digest(new UsageBatch(Given.Coe, 1_235, entries).StructHash()), sent.Signature));
    }

    [Fact]
    public void More_leases_than_a_batch_may_hold_are_in_several_under_a_signature_each()
    {
        var key = PrivateKey.Create();
        var book = new TypedDataDomain(31337, Given.Publisher);
        UsageEntry[] entries = [.. Enumerable.Range(1, (2 * UsageBatch.MostEntries) + 1).Select(static i => new UsageEntry(new LeaseHandle((UInt128)i), 1, 0, 0, 0, 0, 0))];
        var sent = new UsageSigner(Given.Coe, book, key).SignAll(1_234, entries).Select(static s => (s.Signature, Entries: UsageBatch.UnpackEntries(Convert.FromHexString(s.Entries[2..])))).ToList();

        Assert.Equal([UsageBatch.MostEntries, UsageBatch.MostEntries, 1], sent.Select(static s => s.Entries.Count));
        Assert.Equal(entries, sent.SelectMany(static s => s.Entries));
        Assert.All(sent, s => Assert.Equal(key.Address, Secp256k1.Recover(book.Digest(new UsageBatch(Given.Coe, 1_234, s.Entries).StructHash()), s.Signature)));
    }

    [Fact]
    public void Entries_are_in_the_order_of_their_handles_and_a_closed_lease_is_left_out()
    {
        var book = new UsageBook(TimeProvider.System);
        (var a, var b) = (Keccak256.Hash("a"), Keccak256.Hash("b"));
        book.Publish(a, static () => new UsageEntry(new LeaseHandle(9), 1, 0, 0, 0, 0, 0));
        book.Publish(b, static () => new UsageEntry(new LeaseHandle(3), 1, 0, 0, 0, 0, 0));
        Assert.Equal([(UInt128)3, 9], book.Read().Select(static e => e.Handle.Value));
        book.Remove(a);
        Assert.Equal([(UInt128)3], book.Read().Select(static e => e.Handle.Value));
    }
}
