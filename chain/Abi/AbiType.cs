namespace Dweb.Chain.Abi;

/// <summary>
/// A Solidity type as the ABI sees it. <see cref="Parse"/> reads the canonical text (<c>(bytes32,uint64[])[2]</c>) that
/// selectors and event topics are hashed from, and <c>ToString</c> writes it again.
/// </summary>
public abstract record AbiType
{
    private protected AbiType()
    {
    }

    /// <summary>True when the value is stored behind an offset.</summary>
    public abstract bool IsDynamic { get; }

    /// <summary>Bytes the type takes in the head of a tuple: 32 for anything behind an offset.</summary>
    public abstract int HeadSize { get; }

    /// <exception cref="AbiException">The text names no ABI type.</exception>
    public static AbiType Parse(string text) => new AbiTypeParser(text).ParseWhole();

    /// <summary>Reads <c>(a,b,c)</c>: the parameters of a function, event or error.</summary>
    /// <exception cref="AbiException">The text is not a parenthesised list of types.</exception>
    public static TupleType ParseTuple(string text) =>
        Parse(text) as TupleType ?? throw new AbiException($"'{text}' is not a list of types in parentheses.");

    public sealed override string ToString() => Canonical;

    private protected abstract string Canonical { get; }
}

/// <summary><c>uint8</c> … <c>uint256</c>, <c>int8</c> … <c>int256</c>.</summary>
public sealed record IntegerType(int Bits, bool Signed) : AbiType
{
    public override bool IsDynamic => false;

    public override int HeadSize => 32;

    private protected override string Canonical => (Signed ? "int" : "uint") + Bits.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

public sealed record AddressType : AbiType
{
    public override bool IsDynamic => false;

    public override int HeadSize => 32;

    private protected override string Canonical => "address";
}

public sealed record BooleanType : AbiType
{
    public override bool IsDynamic => false;

    public override int HeadSize => 32;

    private protected override string Canonical => "bool";
}

/// <summary><c>bytes1</c> … <c>bytes32</c>, padded on the right.</summary>
public sealed record FixedBytesType(int Length) : AbiType
{
    public override bool IsDynamic => false;

    public override int HeadSize => 32;

    private protected override string Canonical => "bytes" + Length.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

public sealed record BytesType : AbiType
{
    public override bool IsDynamic => true;

    public override int HeadSize => 32;

    private protected override string Canonical => "bytes";
}

public sealed record StringType : AbiType
{
    public override bool IsDynamic => true;

    public override int HeadSize => 32;

    private protected override string Canonical => "string";
}

/// <summary><c>T[n]</c>, or <c>T[]</c> where <see cref="Length"/> is null.</summary>
public sealed record ArrayType(AbiType Element, int? Length) : AbiType
{
    public override bool IsDynamic => Length is null || Element.IsDynamic;

    public override int HeadSize => IsDynamic ? 32 : checked(Element.HeadSize * Length!.Value);

    private protected override string Canonical => $"{Element}[{Length}]";
}

/// <summary>A struct, or the parameters of a function.</summary>
public sealed record TupleType(IReadOnlyList<AbiType> Components) : AbiType
{
    public override bool IsDynamic => Components.Any(c => c.IsDynamic);

    public override int HeadSize => IsDynamic ? 32 : Components.Sum(c => c.HeadSize);

    private protected override string Canonical => $"({string.Join(',', Components)})";

    public bool Equals(TupleType? other) => other is not null && Components.SequenceEqual(other.Components);

    public override int GetHashCode() => Components.Aggregate(17, HashCode.Combine);
}
