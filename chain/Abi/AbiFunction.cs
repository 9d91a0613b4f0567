namespace Dweb.Chain.Abi;

/// <summary>A function's selector, inputs and outputs: what a generated method needs to call it.</summary>
public sealed class AbiFunction(string name, string inputs, string outputs)
{
    private readonly Selector selector = Selector.Of(name + inputs);
    private readonly TupleType inputTypes = AbiType.ParseTuple(inputs);
    private readonly TupleType outputTypes = AbiType.ParseTuple(outputs);

    public byte[] Encode(params IReadOnlyList<AbiValue> arguments) => selector.Call(inputTypes, arguments);

    /// <exception cref="AbiException">Not the outputs of this function.</exception>
    public IReadOnlyList<AbiValue> Decode(ReadOnlyMemory<byte> output) => output.IsEmpty && outputTypes.Components.Count > 0
        ? throw new AbiException($"{name} returned nothing: there is no such contract at this address.")
        : AbiDecoder.Decode(outputTypes, output);
}
