using System.Globalization;
using System.Numerics;

namespace Dweb.Chain.Abi;

/// <summary>What a contract said when it reverted. Generated bindings add a record for each custom error.</summary>
/// <param name="ErrorSignature">Name and canonical types; empty when the data names no known error.</param>
public abstract record ContractError(string ErrorSignature)
{
    private static readonly Selector MessageSelector = Selector.Of("Error(string)");
    private static readonly Selector PanicSelector = Selector.Of("Panic(uint256)");

    public string ErrorName => ErrorSignature.Split('(')[0];

    /// <summary>Decodes <c>Error(string)</c> and <c>Panic(uint256)</c>; anything else is an <see cref="UnknownRevert"/>.</summary>
    public static ContractError DecodeStandard(ReadOnlyMemory<byte> data)
    {
        if (data.Length < 4)
        {
            return new UnknownRevert(data.ToArray());
        }

        try
        {
            var selector = Selector.Read(data.Span);
            var arguments = data[4..];
            return selector == MessageSelector ? new RevertMessage(AbiDecoder.Decode(AbiType.ParseTuple("(string)"), arguments)[0].AsText())
                : selector == PanicSelector ? new RevertPanic(AbiDecoder.Decode(AbiType.ParseTuple("(uint256)"), arguments)[0].AsNumber())
                : new UnknownRevert(data.ToArray());
        }
        catch (AbiException)
        {
            // Revert data is the contract's to choose; a malformed one is shown raw.
            return new UnknownRevert(data.ToArray());
        }
    }
}

/// <summary><c>require(condition, "text")</c> or <c>revert("text")</c>.</summary>
public sealed record RevertMessage(string Message) : ContractError("Error(string)")
{
    public override string ToString() => $"\"{Message}\"";
}

/// <summary>A failed assertion of the compiler's: overflow, division by zero, index out of range.</summary>
public sealed record RevertPanic(BigInteger Code) : ContractError("Panic(uint256)")
{
    public override string ToString() => "panic 0x" + Code.ToString("x2", CultureInfo.InvariantCulture);
}

/// <summary>Revert data that no known contract declares, or none at all (out of gas, a call to an address without code).</summary>
public sealed record UnknownRevert(byte[] RevertData) : ContractError("")
{
    public override string ToString() => RevertData.Length == 0 ? "no revert data" : "unknown error 0x" + Convert.ToHexStringLower(RevertData);
}
