using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Dweb.Durable.Analyzers;

/// <summary>
/// Finds in orchestrators what replay cannot repeat: clocks, chance, threads, blocking, input and output. An orchestrator is a method, local function
/// or lambda that takes an OrchestrationContext, with all that is written inside it and every method of the same project that it comes to by calls.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class OrchestratorAnalyzer : DiagnosticAnalyzer
{
    private const string Context = "Dweb.Durable.OrchestrationContext";

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        [Rules.Clock, Rules.Chance, Rules.Threads, Rules.Blocking, Rules.Outside];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(start =>
        {
            if (start.Compilation.GetTypeByMetadataName(Context) is not { } orchestration)
            {
                return;
            }
            var graph = new CallGraph();
            start.RegisterOperationAction(
                operation => Look(operation, orchestration, graph),
                OperationKind.Invocation, OperationKind.ObjectCreation, OperationKind.PropertyReference, OperationKind.MethodReference);
            start.RegisterCompilationEndAction(end =>
            {
                foreach (var found in graph.Reachable())
                {
                    end.ReportDiagnostic(found);
                }
            });
        });
    }

    private static void Look(OperationAnalysisContext context, INamedTypeSymbol orchestration, CallGraph graph)
    {
        if (MemberOf(context.Operation) is not { } member || context.Operation.Parent is INameOfOperation)
        {
            return;
        }
        var orchestrator = OrchestratorAround(context, orchestration);
        if (Forbidden.RuleFor(member) is { } rule)
        {
            var (at, what) = (context.Operation.Syntax.GetLocation(), NameOf(member));
            if (orchestrator is not null)
            {
                context.ReportDiagnostic(Diagnostic.Create(rule, at, orchestrator, what));
            }
            else
            {
                graph.Found(context.ContainingSymbol, rule, at, what);
            }
        }
        else if (!member.OriginalDefinition.DeclaringSyntaxReferences.IsEmpty)
        {
            foreach (var called in BodiesOf(member.OriginalDefinition))
            {
                if (orchestrator is not null)
                {
                    graph.CalledByOrchestrator(orchestrator, called);
                }
                else
                {
                    graph.Called(context.ContainingSymbol, called);
                }
            }
        }
    }

    private static ISymbol? MemberOf(IOperation operation) => operation switch
    {
        IInvocationOperation invocation => invocation.TargetMethod,
        IObjectCreationOperation creation => creation.Constructor,
        IPropertyReferenceOperation property => property.Property,
        IMethodReferenceOperation method => method.Method,
        _ => null,
    };

    /// <summary>The symbols under whose name the code of a member is looked at: a property's is its accessors'.</summary>
    private static ImmutableArray<ISymbol> BodiesOf(ISymbol member) => member is IPropertySymbol property
        ? [.. new ISymbol?[] { property.GetMethod, property.SetMethod }.OfType<ISymbol>()]
        : [member];

    private static string? OrchestratorAround(OperationAnalysisContext context, INamedTypeSymbol orchestration)
    {
        for (var at = context.Operation.Parent; at is not null; at = at.Parent)
        {
            var function = at switch
            {
                IAnonymousFunctionOperation lambda => lambda.Symbol,
                ILocalFunctionOperation local => local.Symbol,
                _ => null,
            };
            if (function is not null && Takes(function, orchestration))
            {
                return function.MethodKind == MethodKind.LocalFunction ? function.Name : "a lambda in " + context.ContainingSymbol.Name;
            }
        }
        return context.ContainingSymbol is IMethodSymbol method && Takes(method, orchestration) ? method.Name : null;
    }

    private static bool Takes(IMethodSymbol method, INamedTypeSymbol orchestration) => method.Parameters.Any(parameter =>
    {
        for (var type = parameter.Type; type is not null; type = type.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(type, orchestration))
            {
                return true;
            }
        }
        return false;
    });

    private static string NameOf(ISymbol member) => member.Name == ".ctor" ? "new " + member.ContainingType.Name : member.ContainingType.Name + "." + member.Name;
}
