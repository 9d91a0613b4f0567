using System.Globalization;
using System.Numerics;
using System.Text;
using Dweb.Core.Protocol;

namespace Dweb.Chain.Abi;

/// <summary>
/// A value of an ABI type, before encoding or after decoding. Tuples and arrays are both <see cref="AbiList"/>; bytes, bytesN
/// and strings are told apart by the type beside the value.
/// </summary>
public abstract record AbiValue
{
    private protected AbiValue()
    {
    }

    public static implicit operator AbiValue(BigInteger value) => new AbiNumber(value);

    public static implicit operator AbiValue(ulong value) => new AbiNumber(value);

    public static implicit operator AbiValue(long value) => new AbiNumber(value);

    public static implicit operator AbiValue(int value) => new AbiNumber(value);

    public static implicit operator AbiValue(bool value) => new AbiBoolean(value);

    public static implicit operator AbiValue(EvmAddress value) => new AbiAddress(value);

    public static implicit operator AbiValue(Hash32 value) => new AbiBytes(value.ToArray());

    public static implicit operator AbiValue(byte[] value) => new AbiBytes(value);

    public static implicit operator AbiValue(string value) => new AbiText(value);

    public static AbiValue List(params IReadOnlyList<AbiValue> items) => new AbiList(items);

    public BigInteger AsNumber() => this is AbiNumber n ? n.Value : throw Mismatch("a number");

    public bool AsBoolean() => this is AbiBoolean b ? b.Value : throw Mismatch("a boolean");

    public EvmAddress AsAddress() => this is AbiAddress a ? a.Value : throw Mismatch("an address");

    public byte[] AsBytes() => this is AbiBytes b ? b.Value : throw Mismatch("bytes");

    public string AsText() => this is AbiText t ? t.Value : throw Mismatch("a string");

    public IReadOnlyList<AbiValue> AsList() => this is AbiList l ? l.Items : throw Mismatch("a list");

    public Hash32 AsHash() => AsBytes() is { Length: 32 } bytes ? new Hash32(bytes) : throw Mismatch("32 bytes");

    private AbiException Mismatch(string expected) => new($"Expected {expected}, found {GetType().Name}.");
}

public sealed record AbiNumber(BigInteger Value) : AbiValue
{
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

public sealed record AbiBoolean(bool Value) : AbiValue
{
    public override string ToString() => Value ? "true" : "false";
}

public sealed record AbiAddress(EvmAddress Value) : AbiValue
{
    public override string ToString() => Value.ToString();
}

public sealed record AbiBytes(byte[] Value) : AbiValue
{
    public bool Equals(AbiBytes? other) => other is not null && Value.AsSpan().SequenceEqual(other.Value);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Value);
        return hash.ToHashCode();
    }

    public override string ToString() => "0x" + Convert.ToHexStringLower(Value);
}

public sealed record AbiText(string Value) : AbiValue
{
    public override string ToString() => "\"" + Value + "\"";
}

public sealed record AbiList(IReadOnlyList<AbiValue> Items) : AbiValue
{
    public bool Equals(AbiList? other) => other is not null && Items.SequenceEqual(other.Items);

    public override int GetHashCode() => Items.Aggregate(17, HashCode.Combine);

    public override string ToString() => new StringBuilder("(").AppendJoin(", ", Items).Append(')').ToString();
}
