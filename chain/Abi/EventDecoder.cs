using Dweb.Chain.Rpc;
using Dweb.Core.Protocol;

namespace Dweb.Chain.Abi;

/// <summary>A parameter of an event as declared.</summary>
public sealed record EventParameter(AbiType Type, bool Indexed);

/// <summary>
/// Reads the values of one event from a log. Indexed values of reference types (string, bytes, arrays, structs) exist in a
/// log only as their hash, and are returned as 32 bytes.
/// </summary>
public sealed class EventDecoder
{
    private readonly IReadOnlyList<EventParameter> parameters;
    private readonly TupleType body;

    public EventDecoder(string name, params IReadOnlyList<EventParameter> parameters)
    {
        this.parameters = parameters;
        body = new TupleType([.. parameters.Where(p => !p.Indexed).Select(p => p.Type)]);
        Signature = $"{name}({string.Join(',', parameters.Select(p => p.Type))})";
        Topic = Keccak256.Hash(Signature);
    }

    public string Signature { get; }

    /// <summary>The first topic of every log of this event.</summary>
    public Hash32 Topic { get; }

    /// <summary>False when the log is of another event, or of one that indexes other parameters.</summary>
    /// <exception cref="AbiException">The log has the event's topics and malformed data.</exception>
    public bool TryDecode(ChainLog log, out IReadOnlyList<AbiValue> values)
    {
        values = [];
        int indexed = parameters.Count(p => p.Indexed);
        if (log.Topics.Count != indexed + 1 || log.Topics[0] != Topic)
        {
            return false;
        }

        var fromData = AbiDecoder.Decode(body, log.Data);
        var result = new AbiValue[parameters.Count];
        int topic = 1;
        int field = 0;
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = parameters[i].Indexed ? DecodeTopic(parameters[i].Type, log.Topics[topic++]) : fromData[field++];
        }

        values = result;
        return true;
    }

    /// <summary>True for types whose indexed form is the value itself, not its hash.</summary>
    public static bool IsStoredInTopic(AbiType type) => type is IntegerType or AddressType or BooleanType or FixedBytesType;

    private static AbiValue DecodeTopic(AbiType type, Hash32 topic) =>
        IsStoredInTopic(type) ? AbiDecoder.Decode(new TupleType([type]), topic.ToArray())[0] : topic;
}
