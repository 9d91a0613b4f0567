using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Dweb.Chain.Tests.Bindings;

/// <summary>An ABI file that exists in memory only.</summary>
internal sealed class AbiText(string path, string text) : AdditionalText
{
    public override string Path => path;

    public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text, Encoding.UTF8);
}

/// <summary>What the project file says to the generator.</summary>
internal sealed class ContractOptions : AnalyzerConfigOptionsProvider
{
    public override AnalyzerConfigOptions GlobalOptions { get; } = new Option("build_property.DwebContractsNamespace", "My.Contracts");

    public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

    public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => new Option("build_metadata.AdditionalFiles.DwebContract", "true");

    private sealed class Option(string name, string setting) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? value)
        {
            value = key == name ? setting : null;
            return value is not null;
        }
    }
}
