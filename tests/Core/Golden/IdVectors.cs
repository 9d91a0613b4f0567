using Dweb.Core.Protocol.Messages;

namespace Dweb.Core.Tests.Golden;

public sealed class IdVectors
{
    [Fact]
    public void A_lease_is_named_by_its_key_and_by_the_first_sixteen_bytes_of_its_id() => Assert.All(Vectors.Read("ids", "leases"), static v =>
    {
        var key = v.GetProperty("key");
        var id = Ids.Lease(
            v.Domain("book"), key.Hash("orderHash"), (ushort)key.Number("service"), (ushort)key.Number("replica"), (ushort)key.Number("generation"),
            key.Hash("coe"));
        Assert.Equal(v.Hash("id"), id);
        Assert.Equal(v.Text("handle"), LeaseHandle.Of(id).ToString());
    });

    [Fact]
    public void A_COE_is_named_by_its_host_and_name() => Assert.All(Vectors.Read("ids", "coes"), static v =>
        Assert.Equal(v.Hash("id"), Ids.Coe(v.Domain("registry"), v.Address("host"), v.Text("name"))));

    [Fact]
    public void A_repository_is_named_by_its_owner_and_name() => Assert.All(Vectors.Read("ids", "repositories"), static v =>
        Assert.Equal(v.Hash("id"), Ids.Repository(v.Domain("registry"), v.Address("owner"), v.Text("name"))));

    [Fact]
    public void A_release_is_named_by_its_repository_and_version() => Assert.All(Vectors.Read("ids", "releases"), static v =>
        Assert.Equal(v.Hash("id"), Ids.Release(v.Domain("registry"), v.Hash("repository"), v.Text("version"))));

    [Fact]
    public void An_image_is_a_node_named_by_its_digest() => Assert.All(Vectors.Read("ids", "imageNodes"), static v =>
        Assert.Equal(v.Hash("id"), Ids.ImageNode(v.Domain("registry"), v.Hash("manifestDigest"))));

    [Fact]
    public void A_host_image_is_named_by_its_signer_root_hash_and_digest() => Assert.All(Vectors.Read("ids", "osImages"), static v =>
        Assert.Equal(v.Hash("id"), Ids.OsImage(v.Domain("registry"), v.Address("signer"), v.Hash("rootHash"), v.Hash("manifestDigest"))));
}
