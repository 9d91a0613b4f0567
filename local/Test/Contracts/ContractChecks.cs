using Dweb.Local.Build;
using Dweb.Local.Layout;
using Dweb.Local.Processes;

namespace Dweb.Local.Test.Contracts;

/// <summary>What must hold for the contracts besides their tests; each is one outcome of a run. The contracts have to be compiled.</summary>
internal sealed class ContractChecks(Repository repository, Tool tool)
{
    private const string Snapshots = "Run 'dweb contracts snapshots' and look at the difference.";

    /// <param name="gas">What the tests measured; null when they did not run to their end.</param>
    /// <param name="stop">Ends it early.</param>
    public async Task<IReadOnlyList<TestOutcome>> All(GasValues? gas, CancellationToken stop) =>
    [
        await Script("ABI files are current", "abi.sh", stop),
        await Script("storage layouts are current", "layout.sh", stop),
        Gas(gas),
        Sizes(),
        await Forge("lint", stop, "lint"),
        await Forge("format", stop, "fmt", "--check"),
    ];

    /// <summary>Writes, or with <paramref name="check"/> compares, the committed files of a kind.</summary>
    public Task<ToolResult> RunScript(string script, bool check, Action<string>? heard, CancellationToken stop) =>
        tool.Run(new Launch(Path.Combine(repository.Contracts, script), check ? ["--check"] : []) { Folder = repository.Contracts }, heard, stop);

    public GasComparison CompareGas(GasValues measured) => GasComparison.Of(GasValues.Read(GasValues.FolderIn(repository.Contracts)), measured);

    private async Task<TestOutcome> Script(string name, string script, CancellationToken stop)
    {
        var started = TimeProvider.System.GetTimestamp();
        var result = await RunScript(script, check: true, heard: null, stop);
        return Outcome(name, TimeProvider.System.GetElapsedTime(started), result.Succeeded ? [] : [$"{result.Output}{Snapshots}"]);
    }

    private TestOutcome Gas(GasValues? measured)
    {
        var comparison = measured is null ? new GasComparison(["the tests that measure it did not end"], []) : CompareGas(measured);
        return Outcome($"gas within {GasComparison.MostPercent} % of the snapshot", TimeSpan.Zero, comparison.Failures) with { Notices = comparison.Notices };
    }

    private TestOutcome Sizes()
    {
        var started = TimeProvider.System.GetTimestamp();
        var wrong = ContractSizes.TooLarge(repository.Contracts);
        return Outcome("sizes under EIP-170", TimeProvider.System.GetElapsedTime(started), wrong);
    }

    private async Task<TestOutcome> Forge(string name, CancellationToken stop, params IReadOnlyList<string> arguments)
    {
        var started = TimeProvider.System.GetTimestamp();
        var result = await tool.Run(new Forge(repository, tool).InBackground(arguments), heard: null, stop);
        return Outcome(name, TimeProvider.System.GetElapsedTime(started), result.Succeeded ? [] : [$"forge {string.Join(' ', arguments)} ended with {result.ExitCode}:\n{result.Output}{result.Errors}"]);
    }

    private static TestOutcome Outcome(string name, TimeSpan took, IReadOnlyList<string> failures) =>
        failures.Count == 0
            ? new TestOutcome($"contracts ({name})", 1, 0, 0, took, [])
            : TestOutcome.Broken($"contracts ({name})", took, string.Join('\n', failures.Prepend($"contracts ({name}):")));
}
