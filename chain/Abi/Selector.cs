using Dweb.Core.Protocol;

namespace Dweb.Chain.Abi;

/// <summary>The first four bytes of the hash of a signature: what names a function in calldata and an error in revert data.</summary>
public readonly record struct Selector(uint Value)
{
    /// <param name="signature">Name and canonical types: <c>transfer(address,uint256)</c>.</param>
    public static Selector Of(string signature) => Read(Keccak256.Hash(signature).ToArray());

    /// <exception cref="AbiException">Fewer than four bytes.</exception>
    public static Selector Read(ReadOnlySpan<byte> data) => data.Length >= 4
        ? new Selector(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(data))
        : throw new AbiException($"A selector has 4 bytes; {data.Length} were given.");

    /// <summary>Selector and encoded parameters: the data of a call.</summary>
    public byte[] Call(TupleType types, params IReadOnlyList<AbiValue> values)
    {
        var data = new byte[4];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(data, Value);
        return [.. data, .. AbiEncoder.Encode(types, values)];
    }

    public override string ToString() => "0x" + Value.ToString("x8", System.Globalization.CultureInfo.InvariantCulture);
}
