using System.Collections.Immutable;
using Dweb.Durable.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Dweb.Durable.Tests.Analyzers;

/// <summary>Compiles a piece of source against the runtime and durable/, and tells what the analyzer says of it.</summary>
internal static class Analysis
{
    private static readonly ImmutableArray<MetadataReference> References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>What the analyzer finds in a method body that has <c>context</c>, an orchestration's.</summary>
    public static Task<IReadOnlyList<string>> OfOrchestratorAsync(string body) =>
        OfAsync($"static class Code {{ public static async Task RunAsync(OrchestrationContext context) {{ await Task.Yield(); {body} }} }}");

    /// <summary>Id and message of each finding, in order of place.</summary>
    public static async Task<IReadOnlyList<string>> OfAsync(string source)
    {
        const string Usings = "using System; using System.Collections.Generic; using System.IO; using System.Linq; using System.Threading; using System.Threading.Tasks; using Dweb.Durable;\n";
        var tree = CSharpSyntaxTree.ParseText(Usings + source, cancellationToken: TestContext.Current.CancellationToken);
        var compilation = CSharpCompilation.Create("Analyzed", [tree], References, new(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        Assert.Empty(compilation.GetDiagnostics(TestContext.Current.CancellationToken).Where(found => found.Severity == DiagnosticSeverity.Error));
        var found = await compilation.WithAnalyzers([new OrchestratorAnalyzer()]).GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        Assert.All(found, one => Assert.Equal(DiagnosticSeverity.Error, one.Severity));
        return [.. found.OrderBy(one => one.Location.SourceSpan.Start).Select(one => $"{one.Id} {one.GetMessage(System.Globalization.CultureInfo.InvariantCulture)}")];
    }
}
