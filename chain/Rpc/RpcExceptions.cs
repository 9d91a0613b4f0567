using System.Text.Json;
using Dweb.Chain.Abi;

namespace Dweb.Chain.Rpc;

/// <summary>The node answered with a JSON-RPC error.</summary>
public sealed class RpcException(string method, int code, string message, JsonElement? errorData)
    : Exception($"{method}: {message} (code {code})")
{
    public string Method { get; } = method;

    public int Code { get; } = code;

    /// <summary>The node's own words, without method and code.</summary>
    public string NodeMessage { get; } = message;

    public JsonElement? ErrorData { get; } = errorData;
}

/// <summary>The node could not be reached, did not answer in time, or answered with something that is not JSON-RPC.</summary>
public sealed class RpcUnavailableException(Uri endpoint, string what, string hint, Exception? inner = null)
    : Exception($"The chain node at {endpoint.GetLeftPart(UriPartial.Authority)} {what}. {hint}", inner)
{
    /// <summary>Scheme, host and port; the path may hold an access key and is left out.</summary>
    public string Endpoint { get; } = endpoint.GetLeftPart(UriPartial.Authority);

    /// <summary>What went wrong, as the end of the sentence "the node …".</summary>
    public string What { get; } = what;

    /// <summary>What to do about it.</summary>
    public string Hint { get; } = hint;
}

/// <summary>A read or a gas estimate reverted: nothing was sent.</summary>
public sealed class CallRevertedException(ContractError error) : Exception($"The contract refused the call: {error}")
{
    public ContractError Error { get; } = error;
}
