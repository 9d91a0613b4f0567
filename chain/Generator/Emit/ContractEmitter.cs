using Dweb.Chain.Generator.Model;

namespace Dweb.Chain.Generator.Emit;

/// <summary>One class a contract: a method a function, a nested record an event.</summary>
internal sealed class ContractEmitter(TypeMap types, RecordEmitter records)
{
    private const string Abi = "global::Dweb.Chain.Abi.";
    private const string Contracts = "global::Dweb.Chain.Contracts.";

    public void Emit(SourceText source, Contract contract)
    {
        source.Line();
        source.Line($"/// <summary>The contract {contract.Name} at one address.</summary>");
        source.Open(
            $"public sealed class {contract.Name}({Contracts}IContractReader reader, global::Dweb.Core.Protocol.EvmAddress address)");
        source.Line("public global::Dweb.Core.Protocol.EvmAddress Address { get; } = address;");
        source.Line();
        source.Line($"public {Contracts}IContractReader Reader {{ get; }} = reader;");
        Deployment(source, contract);
        int index = 0;
        foreach (var function in contract.Functions)
        {
            Function(source, function, $"Function{index++}", contract);
        }

        Events(source, contract.Events);
        source.Close();
    }

    private void Deployment(SourceText source, Contract contract)
    {
        source.Line();
        source.Line("/// <summary>The data of the transaction that creates the contract.</summary>");
        string parameters = string.Concat(contract.Constructor.Select((p, i) => $", {types.CSharp(p)} {CSharpName.Parameter(p.Name, i)}"));
        source.Line($"public static byte[] CreationData(global::System.ReadOnlySpan<byte> bytecode{parameters}) =>");
        source.Line(
            $"    {Contracts}ContractDeployment.Encode(bytecode, {Abi}AbiType.ParseTuple(\"{Parameter.Canonical(contract.Constructor)}\"), " +
            $"[{Values(contract.Constructor)}]);");
    }

    private void Function(SourceText source, Function function, string codec, Contract contract)
    {
        var signed = function.Signed;
        source.Line();
        source.Line(
            $"private static readonly {Abi}AbiFunction {codec} = new(\"{signed.Name}\", \"{signed.Types}\", \"{Parameter.Canonical(function.Outputs)}\");");
        string name = CSharpName.Pascal(signed.Name);
        name = name == contract.Name || name is "Address" or "Reader" or "Events" ? name + "Call" : name;
        string parameters = string.Concat(signed.Parameters.Select((p, i) => $"{types.CSharp(p)} {CSharpName.Parameter(p.Name, i)}, "));
        if (function.IsView)
        {
            View(source, function, codec, name, parameters);
            return;
        }

        source.Line();
        source.Line($"/// <summary>{signed.Signature}</summary>");
        string list = parameters.Length > 0 ? parameters.Substring(0, parameters.Length - 2) : "";
        source.Line($"public {Contracts}ContractCall {name}({list}) => new(Address, {codec}.Encode([{Values(signed.Parameters)}]), \"{signed.Name}\");");
    }

    private void View(SourceText source, Function function, string codec, string name, string parameters)
    {
        bool several = function.Outputs.Count > 1;
        if (several)
        {
            records.Result(source, name + "Result", function);
        }

        string result = several ? name + "Result" : function.Outputs.Count == 1 ? types.CSharp(function.Outputs[0]) : "";
        source.Line();
        source.Line($"/// <summary>{function.Signed.Signature}</summary>");
        source.Open(
            $"public async global::System.Threading.Tasks.Task{(result.Length > 0 ? $"<{result}>" : "")} {name}Async({parameters}" +
            "global::Dweb.Chain.Rpc.BlockTag? at = null, global::System.Threading.CancellationToken cancellationToken = default)");
        source.Line($"var output = await Reader.CallAsync(Address, {codec}.Encode([{Values(function.Signed.Parameters)}]), " +
            "at ?? global::Dweb.Chain.Rpc.BlockTag.Latest, cancellationToken).ConfigureAwait(false);");
        source.Line($"var values_ = {codec}.Decode(output);");
        string decoded = string.Join(", ", function.Outputs.Select((o, i) => types.FromAbi(o, $"values_[{i}]")));
        source.Line(several ? $"return new {result}({decoded});" : result.Length > 0 ? $"return {decoded};" : "_ = values_;");
        source.Close();
    }

    private void Events(SourceText source, IReadOnlyList<Signed> events)
    {
        if (events.Count == 0)
        {
            return;
        }

        source.Line();
        source.Line("/// <summary>What the contract logs.</summary>");
        source.Open("public static class Events");
        foreach (var (name, item) in Overloads.Name(events))
        {
            records.Event(source, name, item);
        }

        source.Close();
    }

    private static string Values(IReadOnlyList<Parameter> parameters) =>
        string.Join(", ", parameters.Select((p, i) => TypeMap.ToAbi(p, CSharpName.Parameter(p.Name, i))));
}
