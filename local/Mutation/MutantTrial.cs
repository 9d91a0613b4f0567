using System.Globalization;
using System.Text.Json;
using Dweb.Local.Processes;
using Dweb.Local.Test;
using Dweb.Local.Test.Contracts;

namespace Dweb.Local.Mutation;

/// <summary>Runs the tests of a target in a copy of the contracts and says what they noticed.</summary>
internal sealed class MutantTrial(MutationPlan plan)
{
    /// <summary>
    /// Compiling and tests may take this long at least, and ten times as long as the tests of the original: compiling always ends, and no busy machine shall
    /// kill a mutant. Both are one run of forge, which would read all sources again to find which tests to run.
    /// </summary>
    private static readonly TimeSpan LeastPatience = TimeSpan.FromMinutes(15);
    private const int TimesTheOriginal = 10;

    /// <summary>The tests of the unchanged sources: they have to pass, or every mutant would look killed.</summary>
    /// <returns>How long they ran.</returns>
    /// <exception cref="LocalException">A test fails, or none matches.</exception>
    public async Task<TimeSpan> Original(ContractsCopy copy, MutationTarget target, CancellationToken stop)
    {
        var compiled = await Compile(copy, target, stop);
        if (!compiled.Succeeded)
        {
            throw new LocalException($"The tests of {target.Source} do not compile:\n{compiled.Tail(30)}", "See 'forge test' in contracts/.");
        }

        var started = TimeProvider.System.GetTimestamp();
        var result = await Test(copy, target, stop);
        var took = TimeProvider.System.GetElapsedTime(started);
        var outcome = Read(result, took);
        return outcome switch
        {
            null => throw new LocalException($"The tests of {target.Source} do not run:\n{result.Tail(30)}", "See 'forge test' in contracts/."),
            { Failed: > 0 } => throw new LocalException($"The tests of {target.Source} fail without a mutant: {outcome.Failures[0]}", "Correct this first."),
            { Passed: 0 } => throw new LocalException($"No test matches '{target.Tests}', which is to test {target.Source}.", "Correct contracts/test/mutation.json."),
            _ => took,
        };
    }

    /// <summary>The tests of a copy in which the mutant stands.</summary>
    /// <param name="copy">A fresh copy; it is changed.</param>
    /// <param name="mutant">What to change.</param>
    /// <param name="target">Names the tests.</param>
    /// <param name="original">How long they took for the original.</param>
    /// <param name="stop">Ends it early.</param>
    public async Task<Verdict> Of(ContractsCopy copy, Mutant mutant, MutationTarget target, TimeSpan original, CancellationToken stop)
    {
        var file = Path.Combine(copy.Folder, mutant.File);
        await File.WriteAllBytesAsync(file, mutant.Apply(await File.ReadAllBytesAsync(file, stop)), stop);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(LeastPatience + (original * TimesTheOriginal));
        try
        {
            return VerdictOf(await Test(copy, target, patience.Token), mutant);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return Verdict.TimedOut;
        }
    }

    /// <exception cref="LocalException">The run broke for another reason than the mutant: that must not pass for a kill.</exception>
    public static Verdict VerdictOf(ToolResult result, Mutant mutant) => Read(result, TimeSpan.Zero) switch
    {
        { Failed: > 0 } => Verdict.Killed,
        { Passed: > 0 } when result.Succeeded => Verdict.Survived,
        null when DoesNotCompile(result) => Verdict.Stillborn,
        _ => throw new LocalException($"The tests of the mutant of {mutant.File}:{mutant.Line} broke:\n{result.Tail(30)}", "This is a fault of the tool or of forge, not of a test."),
    };

    private Task<ToolResult> Compile(ContractsCopy copy, MutationTarget target, CancellationToken stop) => Forge(copy, target, stop, "--list");

    private Task<ToolResult> Test(ContractsCopy copy, MutationTarget target, CancellationToken stop) => Forge(copy, target, stop, "--fail-fast", "--fuzz-seed", "0x1");

    private Task<ToolResult> Forge(ContractsCopy copy, MutationTarget target, CancellationToken stop, params IReadOnlyList<string> what) => copy.Forge(
        new Dictionary<string, string>
        {
            ["FOUNDRY_FUZZ_RUNS"] = plan.FuzzRuns.ToString(CultureInfo.InvariantCulture),
            ["FOUNDRY_INVARIANT_RUNS"] = plan.InvariantRuns.ToString(CultureInfo.InvariantCulture),

            // A mistake is the same mistake without the optimiser, and compiles in two thirds of the time.
            ["FOUNDRY_OPTIMIZER"] = "false",
        },
        stop,
        // Warnings and the size of the code are no tests: a mutant that only leaves a variable unused or grows would look killed.
        ["test", "--json", .. what, "--deny", "never", "--code-size-limit", "1000000", .. target.ForgeArguments()]);

    private static bool DoesNotCompile(ToolResult result) =>
        (result.Output + result.Errors).Contains("Compiler run failed", StringComparison.Ordinal);

    private static TestOutcome? Read(ToolResult result, TimeSpan took)
    {
        try
        {
            return ForgeReport.Parse(result.Output, took);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
