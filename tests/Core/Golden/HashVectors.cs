using System.Text.Json;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Core.Tests.Golden;

public sealed class HashVectors
{
    [Fact]
    public void Orders_hash_as_the_vectors_say() => AssertSigned("orders", static v =>
    {
        var order = MessageReader.Order(v);
        Assert.Equal(v.GetProperty("order").Hash("servicesHash"), order.ServicesHash());
        return order.StructHash();
    });

    [Fact]
    public void Plans_hash_as_the_vectors_say() => AssertSigned("plans", static v =>
    {
        var plan = MessageReader.Plan(v);
        Assert.Equal(v.GetProperty("plan").Hash("entriesHash"), plan.EntriesHash());
        return plan.StructHash();
    });

    [Fact]
    public void Upgrades_hash_as_the_vectors_say() => AssertSigned("upgrades", static v =>
    {
        var upgrade = MessageReader.Upgrade(v);
        Assert.Equal(v.GetProperty("upgrade").Hash("entriesHash"), upgrade.EntriesHash());
        return upgrade.StructHash();
    });

    [Fact]
    public void Faults_hash_as_the_vectors_say() => AssertSigned("faults", static v => MessageReader.Fault(v).StructHash());

    [Fact]
    public void Verdicts_hash_as_the_vectors_say() => AssertSigned("verdicts", static v => MessageReader.Verdict(v).StructHash());

    [Fact]
    public void Usage_batches_hash_as_the_vectors_say() => AssertSigned("batches", static v =>
    {
        var batch = MessageReader.Batch(v);
        Assert.Equal(v.GetProperty("batch").Text("entries"), "0x" + Convert.ToHexStringLower(batch.PackEntries()));
        Assert.Equal(v.Hash("entriesHash"), Keccak256.Hash(batch.PackEntries()));
        return batch.StructHash();
    });

    [Fact]
    public void Releases_hash_as_the_vectors_say() => AssertSigned("releases", static v => MessageReader.Release(v).StructHash());

    [Fact]
    public void Images_and_their_components_hash_as_the_vectors_say() => AssertSigned("images", static v =>
    {
        var image = MessageReader.Image(v);
        Assert.Equal(v.Hash("componentsHash"), image.ComponentsHash());
        return image.StructHash();
    });

    [Fact]
    public void Host_images_hash_as_the_vectors_say() => AssertSigned("osImages", static v => MessageReader.OsImage(v).StructHash());

    [Fact]
    public void Consents_of_agents_hash_as_the_vectors_say() => AssertSigned("consents", static v =>
    {
        var coe = Ids.Coe(v.Domain("verifyingContract"), v.Address("host"), v.Text("name"));
        Assert.Equal(v.GetProperty("consent").Hash("coe"), coe);
        return new AgentConsent(coe).StructHash();
    });

    [Fact]
    public void Parts_of_messages_hash_as_the_vectors_say()
    {
        Assert.All(Vectors.Read("hashes", "services"), static v =>
            Assert.Equal(v.Hash("structHash"), MessageReader.Service(v.GetProperty("service")).StructHash()));
        Assert.All(Vectors.Read("hashes", "planEntries"), static v =>
            Assert.Equal(v.Hash("structHash"), MessageReader.Entry(v.GetProperty("entry")).StructHash()));
        Assert.All(Vectors.Read("hashes", "edges"), static v =>
            Assert.Equal(v.Hash("structHash"), MessageReader.Edge(v.GetProperty("edge")).StructHash()));
    }

    [Fact]
    public void Keccak_agrees_around_its_block_size() => Assert.All(Vectors.Read("hashes", "keccak"), static v =>
        Assert.Equal(v.Hash("hash"), Keccak256.Hash(v.Text("text"))));

    [Fact]
    public void Addresses_are_written_with_the_same_checksum() => Assert.All(Vectors.Read("hashes", "addresses"), static v =>
    {
        string text = v.Text("address");
        Assert.Equal(text, EvmAddress.Parse(text.ToLowerInvariant()).ToString());
        Assert.Equal(text, EvmAddress.Parse(text).ToString());
    });

    private static void AssertSigned(string list, Func<JsonElement, Hash32> structHash) => Assert.All(Vectors.Read("hashes", list), v =>
    {
        var hash = structHash(v);
        Assert.Equal(v.Hash("structHash"), hash);
        Assert.Equal(v.Hash("digest"), v.Domain("verifyingContract").Digest(hash));
    });
}
