using System.Globalization;
using System.Text.Json;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Messages;
using Dweb.Core.Resources;

namespace Dweb.Core.Tests.Golden;

/// <summary>The vectors' typed data as our messages.</summary>
internal static class MessageReader
{
    public static Hash32 StructHash(JsonElement vector)
    {
        var message = vector.GetProperty("message");
        return vector.GetProperty("primaryType").GetString() switch
        {
            "Order" => OrderOf(message).StructHash(),
            "Plan" => PlanOf(message).StructHash(),
            "UsageBatch" => BatchOf(vector).StructHash(),
            "Release" => ReleaseOf(message).StructHash(),
            "Image" => ImageOf(message).StructHash(),
            var other => throw new InvalidDataException($"No message is called {other}."),
        };
    }

    public static UsageBatch BatchOf(JsonElement vector)
    {
        var message = vector.GetProperty("message");
        byte[] entries = Convert.FromHexString(vector.GetProperty("entries").GetString()![2..]);
        return new UsageBatch(Hash(message, "coe"), Number(message, "asOf"), UsageBatch.UnpackEntries(entries));
    }

    public static Hash32 Hash(JsonElement parent, string name) => Hash32.Parse(Text(parent, name));

    public static EvmAddress Address(JsonElement parent, string name) => EvmAddress.Parse(Text(parent, name));

    public static ulong Number(JsonElement parent, string name) => ulong.Parse(Text(parent, name), CultureInfo.InvariantCulture);

    private static Order OrderOf(JsonElement m) => new(
        Address(m, "user"), [.. m.GetProperty("services").EnumerateArray().Select(ServiceOf)], Wide(m.GetProperty("maxTotal")), (uint)Number(m, "duration"),
        (uint)Number(m, "prepay"), Number(m, "submitBy"), (uint)Number(m, "startWithin"), (ushort)Number(m, "maxRoyaltyBps"), (ushort)Number(m, "maxFeeBps"),
        (byte)Number(m, "upgradePolicy"), Address(m, "operator"), Number(m, "userEpoch"), Hash(m, "salt"));

    private static Service ServiceOf(JsonElement m) => new(
        Hash(m, "imageDigest"), Hash(m, "specHash"), (ushort)Number(m, "replicas"),
        ResourceVector.FromList([.. m.GetProperty("reserved").EnumerateArray().Select(static v => (ulong)Wide(v))]),
        PriceVector.FromList([.. m.GetProperty("ceiling").EnumerateArray().Select(static v => (System.Numerics.BigInteger)Wide(v))]),
        Number(m, "regionMask"), Wide(m.GetProperty("minStake")), Hash(m, "placementHash"));

    private static Plan PlanOf(JsonElement m) => new(
        Hash(m, "orderHash"), [.. m.GetProperty("entries").EnumerateArray().Select(EntryOf)], Number(m, "committeeEpoch"), Number(m, "deadline"));

    private static PlanEntry EntryOf(JsonElement m) => new(
        (ushort)Number(m, "service"), (ushort)Number(m, "replica"), (ushort)Number(m, "generation"), Hash(m, "coe"), Number(m, "maxHostRate"));

    private static Release ReleaseOf(JsonElement m) => new(
        Hash(m, "repository"), Text(m, "version"), Hash(m, "sourceDigest"), Text(m, "uri"), Text(m, "license"), (ushort)Number(m, "selfWeight"), Edges(m, "upstream"));

    private static Image ImageOf(JsonElement m) => new(
        Address(m, "publisher"), Hash(m, "manifestDigest"), Text(m, "name"), (ushort)Number(m, "royaltyBps"), (ushort)Number(m, "selfWeight"),
        Edges(m, "components"));

    private static IReadOnlyList<Edge> Edges(JsonElement m, string name) =>
        [.. m.GetProperty(name).EnumerateArray().Select(static edge => new Edge(Hash(edge, "node"), (ushort)Number(edge, "weight")))];

    private static string Text(JsonElement parent, string name) => parent.GetProperty(name).ToString();

    private static UInt128 Wide(JsonElement value) => UInt128.Parse(value.ToString(), CultureInfo.InvariantCulture);
}
