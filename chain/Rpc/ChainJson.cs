using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dweb.Chain.Rpc;

/// <summary>The node's JSON objects read into records, and filters written.</summary>
internal static class ChainJson
{
    public static BlockHead ReadHead(JsonElement block) => new(
        Field(block, "number").ReadUInt64(),
        Field(block, "hash").ReadHash(),
        Field(block, "parentHash").ReadHash(),
        Field(block, "timestamp").ReadUInt64(),
        Optional(block, "baseFeePerGas")?.ReadNumber() ?? BigInteger.Zero)
    {
        GasLimit = Field(block, "gasLimit").ReadUInt64(),
    };

    public static ChainLog ReadLog(JsonElement log) => new(
        Field(log, "address").ReadAddress(),
        [.. Field(log, "topics").EnumerateArray().Select(t => t.ReadHash())],
        Field(log, "data").ReadData(),
        Field(log, "blockNumber").ReadUInt64(),
        Field(log, "blockHash").ReadHash(),
        Field(log, "transactionHash").ReadHash(),
        checked((uint)Field(log, "logIndex").ReadUInt64()),
        Optional(log, "removed")?.GetBoolean() ?? false);

    public static TransactionReceipt ReadReceipt(JsonElement receipt) => new(
        Field(receipt, "transactionHash").ReadHash(),
        Field(receipt, "status").ReadUInt64() == 1,
        Field(receipt, "blockNumber").ReadUInt64(),
        Field(receipt, "blockHash").ReadHash(),
        Field(receipt, "from").ReadAddress(),
        Optional(receipt, "to")?.ReadAddress(),
        Optional(receipt, "contractAddress")?.ReadAddress(),
        Field(receipt, "gasUsed").ReadUInt64(),
        Optional(receipt, "effectiveGasPrice")?.ReadNumber() ?? BigInteger.Zero,
        [.. Field(receipt, "logs").EnumerateArray().Select(ReadLog)]);

    public static JsonObject WriteFilter(LogFilter filter)
    {
        var json = new JsonObject();
        if (filter.BlockHash is { } hash)
        {
            json["blockHash"] = hash.ToString();
        }
        else
        {
            json["fromBlock"] = filter.From.ToJson();
            json["toBlock"] = filter.To.ToJson();
        }

        if (filter.Addresses.Count > 0)
        {
            json["address"] = Array(filter.Addresses.Select(a => a.ToString()));
        }

        if (filter.Topics.Count > 0)
        {
            json["topics"] = new JsonArray([.. filter.Topics.Select(t => t is null ? null : (JsonNode)Array(t.Select(h => h.ToString())))]);
        }

        return json;
    }

    private static JsonArray Array(IEnumerable<string> items) => new([.. items.Select(i => (JsonNode)JsonValue.Create(i))]);

    private static JsonElement Field(JsonElement element, string name) =>
        Optional(element, name) ?? throw new JsonException($"The node's answer has no '{name}'.");

    private static JsonElement? Optional(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
