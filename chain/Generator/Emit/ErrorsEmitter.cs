using Dweb.Chain.Generator.Model;

namespace Dweb.Chain.Generator.Emit;

/// <summary>The errors of all contracts in one class: a refusal may come from a contract that the called one calls.</summary>
internal sealed class ErrorsEmitter(RecordEmitter records)
{
    private const string Abi = "global::Dweb.Chain.Abi.";

    public void Emit(SourceText source, IEnumerable<Contract> contracts)
    {
        var errors = Overloads.Name(contracts.SelectMany(c => c.Errors).Where(e => e.Signature is not ("Error(string)" or "Panic(uint256)"))).ToList();
        source.Line();
        source.Line("/// <summary>Every custom error of the contracts.</summary>");
        source.Open("public static class ContractErrors");
        source.Line("/// <summary>Reads revert data; data of no known error is an UnknownRevert.</summary>");
        source.Open($"public static {Abi}ContractError Decode(global::System.ReadOnlyMemory<byte> data)");
        source.Open("try");
        source.Open("if (data.Length >= 4)");
        source.Line($"var selector = {Abi}Selector.Read(data.Span);");
        foreach (var (name, _) in errors)
        {
            source.Line($"if (selector == {name}.Selector) return {name}.Decode(data[4..]);");
        }

        source.Close();
        source.Close();
        source.Open($"catch ({Abi}AbiException)");
        source.Line("// Revert data is the contract's to choose; what does not decode is shown raw.");
        source.Close();
        source.Line();
        source.Line($"return {Abi}ContractError.DecodeStandard(data);");
        source.Close();
        foreach (var (name, error) in errors)
        {
            records.Error(source, name, error);
        }

        source.Close();
    }
}
