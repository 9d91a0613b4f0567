using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dweb.Chain.Rpc;

/// <summary>One method call.</summary>
public sealed class RpcRequest(string method, params IReadOnlyList<JsonNode?> parameters)
{
    public string Method { get; } = method;

    public IReadOnlyList<JsonNode?> Parameters { get; } = parameters;

    /// <summary>Instead of the client's own time limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>
    /// True for methods that change nothing: only these are sent again after a failure of transport. Sending a transaction
    /// again is the sender's decision, which knows its hash.
    /// </summary>
    public bool IsRead => Method.StartsWith("eth_get", StringComparison.Ordinal)
        || Method is "eth_chainId" or "eth_blockNumber" or "eth_call" or "eth_estimateGas" or "eth_gasPrice"
            or "eth_maxPriorityFeePerGas" or "eth_feeHistory" or "net_version" or "web3_clientVersion";

    internal void WriteTo(Utf8JsonWriter writer, int id)
    {
        writer.WriteStartObject();
        writer.WriteString("jsonrpc", "2.0");
        writer.WriteNumber("id", id);
        writer.WriteString("method", Method);
        writer.WriteStartArray("params");
        foreach (var parameter in Parameters)
        {
            if (parameter is null)
            {
                writer.WriteNullValue();
            }
            else
            {
                parameter.WriteTo(writer);
            }
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}

/// <summary>The answer to one request of a batch: a result (which may be JSON null) or an error.</summary>
public sealed record RpcResponse(JsonElement Result, RpcException? Error)
{
    /// <exception cref="RpcException">The node answered with an error.</exception>
    public JsonElement Unwrap() => Error is null ? Result : throw Error;
}
