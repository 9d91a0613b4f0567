using System.Text.RegularExpressions;

namespace Dweb.Local.Test;

/// <summary>Which tests a run takes.</summary>
internal enum TestKind
{
    All,
    Unit,
    Contracts,
    Integration,
    EndToEnd,
}

/// <summary>What a person asked for: a kind, a part of a test's name, and whether slow and explicit tests run too.</summary>
internal sealed record TestSelection(TestKind Kind, string? Name, bool Full)
{
    private const string Integration = "Category=Integration";
    private const string EndToEnd = "Category=EndToEnd";

    public bool TakesPrograms => Kind != TestKind.Contracts;

    public bool TakesContracts => Kind is TestKind.All or TestKind.Contracts;

    public bool NeedsEngine => Kind is TestKind.All or TestKind.Integration or TestKind.EndToEnd;

    /// <summary>Whether a program in which no test was selected is a mistake: only when everything was asked for.</summary>
    public bool EveryProgramMustRun => Kind == TestKind.All && Name is null;

    /// <summary>How long one test program may take before it is held to hang: several times what the slowest took on two processors.</summary>
    public TimeSpan TimeForAProgram => TimeSpan.FromMinutes(Full ? 75 : 30);

    public static TestKind ParseKind(string? word) => word switch
    {
        null or "all" => TestKind.All,
        "unit" => TestKind.Unit,
        "contracts" => TestKind.Contracts,
        "integration" => TestKind.Integration,
        "e2e" => TestKind.EndToEnd,
        _ => throw new LocalException($"There is no kind of tests named '{word}'.", "Use one of unit, contracts, integration, e2e; or none for all."),
    };

    /// <summary>The selection in the words of a test program.</summary>
    public IReadOnlyList<string> ProgramArguments()
    {
        List<string> arguments = Kind switch
        {
            TestKind.Unit => ["--filter-not-trait", Integration, "--filter-not-trait", EndToEnd],
            TestKind.Integration => ["--filter-trait", Integration],
            TestKind.EndToEnd => ["--filter-trait", EndToEnd],
            _ => [],
        };
        if (Name is not null)
        {
            arguments.AddRange(["--filter-method", $"*{Name}*"]);
        }

        if (Full)
        {
            arguments.AddRange(["--explicit", "on"]);
        }

        return arguments;
    }

    /// <summary>The selection in the words of forge.</summary>
    public IReadOnlyList<string> ForgeArguments() => Name is null ? [] : ["--match-test", Regex.Escape(Name)];
}
