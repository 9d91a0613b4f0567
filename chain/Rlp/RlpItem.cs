namespace Dweb.Chain.Rlp;

/// <summary>A byte string or a list of items: all that RLP knows.</summary>
public abstract record RlpItem
{
    private protected RlpItem()
    {
    }

    public static implicit operator RlpItem(byte[] bytes) => new RlpBytes(bytes);
}

public sealed record RlpBytes(byte[] Value) : RlpItem
{
    public bool Equals(RlpBytes? other) => other is not null && Value.AsSpan().SequenceEqual(other.Value);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Value);
        return hash.ToHashCode();
    }

    public override string ToString() => "0x" + Convert.ToHexStringLower(Value);
}

public sealed record RlpList(params IReadOnlyList<RlpItem> Items) : RlpItem
{
    public bool Equals(RlpList? other) => other is not null && Items.SequenceEqual(other.Items);

    public override int GetHashCode() => Items.Aggregate(17, HashCode.Combine);

    public override string ToString() => $"[{string.Join(", ", Items)}]";
}

/// <summary>Bytes that are not the one canonical encoding of an item.</summary>
public sealed class RlpException(string message) : Exception(message);
