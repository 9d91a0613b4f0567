using System.Collections.Immutable;
using System.Text;
using Dweb.Chain.Generator.Emit;
using Dweb.Chain.Generator.Model;
using Microsoft.CodeAnalysis;

namespace Dweb.Chain.Generator;

/// <summary>
/// Turns ABI files (AdditionalFiles with the metadata <c>DwebContract="true"</c>) into typed contracts, so that a changed
/// contract breaks the build of the code that uses it. The property <c>DwebContractsNamespace</c> says where they go.
/// </summary>
[Generator]
public sealed class ContractBindings : IIncrementalGenerator
{
    private static readonly DiagnosticDescriptor BadFile = new(
        "DWEB001", "ABI file cannot be bound", "{0}: {1}", "Dweb.Contracts", DiagnosticSeverity.Error, isEnabledByDefault: true);

    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var files = context.AdditionalTextsProvider.Combine(context.AnalyzerConfigOptionsProvider)
            .Where(pair => pair.Right.GetOptions(pair.Left).TryGetValue("build_metadata.AdditionalFiles.DwebContract", out string? value) && value == "true")
            .Select((pair, cancel) => (Path: Path.GetFileName(pair.Left.Path), Text: pair.Left.GetText(cancel)?.ToString() ?? ""))
            .Collect();
        var target = context.AnalyzerConfigOptionsProvider.Select((options, _) =>
            options.GlobalOptions.TryGetValue("build_property.DwebContractsNamespace", out string? name) && name.Length > 0 ? name : null);
        context.RegisterSourceOutput(files.Combine(target), (output, pair) => Generate(output, pair.Left, pair.Right));
    }

    private static void Generate(SourceProductionContext output, ImmutableArray<(string Path, string Text)> files, string? target)
    {
        if (target is null)
        {
            return;
        }

        var contracts = ImmutableArray.CreateBuilder<Contract>();
        string current = "";
        try
        {
            foreach (var (path, text) in files.OrderBy(f => f.Path, System.StringComparer.Ordinal))
            {
                current = path;
                contracts.Add(AbiFile.Read(text));
            }

            current = "the ABI files together";
            Emit(output, contracts.ToImmutable(), target, ref current);
        }
        catch (AbiFileException failure)
        {
            output.ReportDiagnostic(Diagnostic.Create(BadFile, Location.None, current, failure.Message));
        }
    }

    private static void Emit(SourceProductionContext output, ImmutableArray<Contract> contracts, string target, ref string current)
    {
        if (contracts.GroupBy(c => c.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new AbiFileException($"two files declare the contract {twice.Key}");
        }

        var types = new TypeMap(target);
        var records = new RecordEmitter(types);
        var structs = new Emit.SourceText(target);
        foreach (var item in Structs.Of(contracts))
        {
            records.Struct(structs, item);
        }

        var errors = new Emit.SourceText(target);
        new ErrorsEmitter(records).Emit(errors, contracts);
        Add(output, "Structs", structs);
        Add(output, "ContractErrors", errors);
        foreach (var contract in contracts)
        {
            current = contract.Name;
            var source = new Emit.SourceText(target);
            new ContractEmitter(types, records).Emit(source, contract);
            Add(output, "Contract." + contract.Name, source);
        }
    }

    private static void Add(SourceProductionContext output, string name, Emit.SourceText source) =>
        output.AddSource(name + ".g.cs", Microsoft.CodeAnalysis.Text.SourceText.From(source.ToString(), Encoding.UTF8));
}
