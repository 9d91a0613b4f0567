using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Messages;
using Dweb.Core.Resources;

namespace Dweb.Core.Tests.Golden;

/// <summary>The vectors' typed data as our messages. The chain's structs hold hashes of lists; the lists stand beside them.</summary>
internal static class MessageReader
{
    public static Order Order(JsonElement vector)
    {
        var m = vector.GetProperty("order");
        return new Order(
            m.Address("user"), [.. vector.GetProperty("services").EnumerateArray().Select(Service)], (UInt128)m.Integer("maxTotal"), (uint)m.Number("duration"),
            (uint)m.Number("prepay"), m.Number("submitBy"), (uint)m.Number("startWithin"), (ushort)m.Number("maxRoyaltyBps"), (ushort)m.Number("maxFeeBps"),
            (byte)m.Number("upgradePolicy"), m.Address("operator"), m.Number("userEpoch"), m.Hash("salt"));
    }

    public static Service Service(JsonElement m) => new(
        m.Hash("imageDigest"), m.Hash("specHash"), (ushort)m.Number("replicas"), Reserved(m, "reserved"), Prices(m, "ceiling"),
        m.Number("regionMask"), (UInt128)m.Integer("minStake"), m.Hash("placementHash"));

    public static Plan Plan(JsonElement vector)
    {
        var m = vector.GetProperty("plan");
        return new Plan(m.Hash("orderHash"), Entries(vector), m.Number("committeeEpoch"), m.Number("deadline"));
    }

    public static PlanEntry Entry(JsonElement m) => new(
        (ushort)m.Number("service"), (ushort)m.Number("replica"), (ushort)m.Number("generation"), m.Hash("coe"), m.Number("maxHostRate"));

    public static Upgrade Upgrade(JsonElement vector)
    {
        var m = vector.GetProperty("upgrade");
        return new Upgrade(
            m.Hash("orderHash"), m.Hash("imageDigest"), Entries(vector), (uint)m.Number("overlap"), m.Number("committeeEpoch"), m.Number("deadline"));
    }

    public static Fault Fault(JsonElement vector)
    {
        var m = vector.GetProperty("fault");
        return new Fault(m.Hash("leaseId"), m.Number("deadSince"), m.Number("committeeEpoch"), m.Number("deadline"));
    }

    public static Verdict Verdict(JsonElement vector)
    {
        var m = vector.GetProperty("verdict");
        return new Verdict(
            m.Hash("leaseId"), (uint)m.Number("disputedSeconds"), m.GetProperty("refund").GetBoolean(), m.Number("committeeEpoch"), m.Number("deadline"));
    }

    public static UsageBatch Batch(JsonElement vector)
    {
        var m = vector.GetProperty("batch");
        return new UsageBatch(m.Hash("coe"), m.Number("asOf"), UsageBatch.UnpackEntries(Convert.FromHexString(m.Text("entries")[2..])));
    }

    public static Release Release(JsonElement vector)
    {
        var m = vector.GetProperty("release");
        return new Release(
            WordOf(m.Integer("repository")), m.Text("version"), m.Hash("sourceDigest"), m.Text("uri"), m.Text("license"), (ushort)m.Number("selfWeight"),
            Edges(m, "upstream"));
    }

    public static Image Image(JsonElement vector)
    {
        var m = vector.GetProperty("image");
        return new Image(
            m.Address("publisher"), m.Hash("manifestDigest"), m.Text("name"), (ushort)m.Number("royaltyBps"), (ushort)m.Number("selfWeight"),
            Edges(m, "components"));
    }

    public static OsImage OsImage(JsonElement vector)
    {
        var m = vector.GetProperty("osImage");
        return new OsImage(m.Address("signer"), m.Hash("rootHash"), m.Hash("manifestDigest"), m.Text("channel"), m.Text("version"));
    }

    public static Edge Edge(JsonElement m) => new(m.Hash("node"), (ushort)m.Number("weight"));

    public static ResourceVector Reserved(JsonElement parent, string name) =>
        ResourceVector.FromList([.. parent.Integers(name).Select(static value => (ulong)value)]);

    public static PriceVector Prices(JsonElement parent, string name) => PriceVector.FromList(parent.Integers(name));

    private static PlanEntry[] Entries(JsonElement vector) => [.. vector.GetProperty("entries").EnumerateArray().Select(Entry)];

    private static Edge[] Edges(JsonElement m, string name) => [.. m.GetProperty(name).EnumerateArray().Select(Edge)];

    private static Hash32 WordOf(BigInteger number)
    {
        string digits = number.ToString("x64", CultureInfo.InvariantCulture);
        return Hash32.Parse("0x" + digits[^64..]);
    }
}
