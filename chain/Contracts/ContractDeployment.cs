using Dweb.Chain.Abi;

namespace Dweb.Chain.Contracts;

/// <summary>The data of a transaction that creates a contract.</summary>
public static class ContractDeployment
{
    /// <param name="bytecode">Creation code, linked.</param>
    /// <param name="constructorTypes">Types of the constructor's parameters, <c>()</c> for none.</param>
    /// <exception cref="AbiException">The arguments are not of these types.</exception>
    public static byte[] Encode(ReadOnlySpan<byte> bytecode, TupleType constructorTypes, params IReadOnlyList<AbiValue> arguments) =>
        [.. bytecode, .. AbiEncoder.Encode(constructorTypes, arguments)];
}
