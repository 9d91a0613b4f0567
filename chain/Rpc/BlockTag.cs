using System.Text.Json.Nodes;
using Dweb.Core.Protocol;

namespace Dweb.Chain.Rpc;

/// <summary>Which state a read refers to.</summary>
public sealed record BlockTag
{
    private readonly string? text;
    private readonly Hash32? hash;

    private BlockTag(string? text, Hash32? hash)
    {
        this.text = text;
        this.hash = hash;
    }

    /// <summary>The head, which a reorganisation may still replace.</summary>
    public static BlockTag Latest { get; } = new("latest", null);

    /// <summary>The newest block that is unlikely to be replaced.</summary>
    public static BlockTag Safe { get; } = new("safe", null);

    /// <summary>The head with the node's waiting transactions applied: for nonces only.</summary>
    public static BlockTag Pending { get; } = new("pending", null);

    public static BlockTag Number(ulong number) => new(Quantity.Format(number), null);

    /// <summary>Exactly this block: a read fails when it has left the chain.</summary>
    public static BlockTag Hash(Hash32 hash) => new(null, hash);

    internal Hash32? BlockHash => hash;

    /// <summary>The form of EIP-1898: a string, or an object that names the hash.</summary>
    internal JsonNode ToJson() => hash is { } h ? new JsonObject { ["blockHash"] = h.ToString() } : JsonValue.Create(text!);

    public override string ToString() => text ?? hash!.Value.ToString();
}
