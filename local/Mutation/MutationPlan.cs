using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dweb.Local.Mutation;

/// <summary>Which sources are changed and which tests have to notice: <c>contracts/test/mutation.json</c>.</summary>
/// <param name="Sample">Mutants in a usual run of the tests.</param>
/// <param name="Full">Mutants in a full run.</param>
/// <param name="FuzzRuns">Cases a fuzz test takes on each mutant, unless the test names its own number.</param>
/// <param name="InvariantRuns">Histories an invariant takes on each mutant, unless the test names its own number.</param>
/// <param name="Targets">The sources.</param>
internal sealed record MutationPlan(int Sample, int Full, int FuzzRuns, int InvariantRuns, IReadOnlyList<MutationTarget> Targets)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
    };

    public static string FileIn(string contracts) => Path.Combine(contracts, "test", "mutation.json");

    /// <exception cref="LocalException">The file is missing or is no such table.</exception>
    public static MutationPlan Read(string contracts) => Parse(FileIn(contracts), File.Exists(FileIn(contracts)) ? File.ReadAllText(FileIn(contracts)) : "");

    public static MutationPlan Parse(string file, string json)
    {
        try
        {
            return JsonSerializer.Deserialize<MutationPlan>(json, Options) ?? throw new JsonException("it is null");
        }
        catch (JsonException wrong)
        {
            throw new LocalException($"{file} is no table of mutation targets: {wrong.Message}", "docs/testing.md shows its members.", wrong);
        }
    }
}

/// <summary>A source and the tests that apply to it.</summary>
/// <param name="Source">A file, or the files of a folder as <c>src/lease/*.sol</c>, in the contracts' folder.</param>
/// <param name="Tests">Pattern of the test files that run, in the words of forge's <c>--match-path</c>.</param>
/// <param name="NotTests">Pattern of test files that do not run although they match, e.g. long invariants.</param>
internal sealed record MutationTarget(string Source, string Tests, string? NotTests = null)
{
    /// <summary>The files that exist, as paths in the contracts' folder.</summary>
    public IReadOnlyList<string> Files(string contracts)
    {
        var folder = Path.Combine(contracts, Path.GetDirectoryName(Source) ?? "");
        return Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, Path.GetFileName(Source)).Select(f => Path.GetRelativePath(contracts, f)).Order(StringComparer.Ordinal)]
            : [];
    }

    /// <summary>The selection in the words of forge.</summary>
    public IReadOnlyList<string> ForgeArguments() => NotTests is null ? ["--match-path", Tests] : ["--match-path", Tests, "--no-match-path", NotTests];
}
