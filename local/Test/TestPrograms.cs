using System.Globalization;
using Dweb.Local.Layout;
using Dweb.Local.Processes;
using Dweb.Local.Stack;
using Dweb.Local.Terminal;

namespace Dweb.Local.Test;

/// <summary>Runs the test programs of the checkout, each as a process of its own with a limit to its time.</summary>
internal sealed class TestPrograms(Repository repository, Tool tool, Screen screen, Engine engine)
{
    private const string SeedVariable = "DWEB_SEED";
    private const int NoTestsRan = 8;
    private static readonly TimeSpan LongForOneTest = TimeSpan.FromMinutes(3);

    // Those that take minutes: begun last, one of them would run alone at the end.
    private static readonly string[] LongestFirst = ["Dweb.EndToEnd.Tests", "Dweb.Functions.Tests", "Dweb.Cli.Tests", "Dweb.Durable.Tests"];

    /// <summary>What the random choices of the test programs begin with: <c>DWEB_SEED</c>, or one by chance.</summary>
    public int Seed { get; } = int.TryParse(System.Environment.GetEnvironmentVariable(SeedVariable), NumberStyles.None, CultureInfo.InvariantCulture, out var given)
        ? given
        : Random.Shared.Next();

    /// <summary>Every test project of the checkout, those that take longest first: adding one needs no list to be changed.</summary>
    public IEnumerable<string> All() =>
        Directory.EnumerateFiles(Path.Combine(repository.Root, "tests"), "*.Tests.csproj", SearchOption.AllDirectories)
            .OrderBy(static p => Array.IndexOf(LongestFirst, Path.GetFileNameWithoutExtension(p)) is >= 0 and var place ? place : LongestFirst.Length)
            .ThenBy(static p => p, StringComparer.Ordinal)
            .Select(p => Path.Combine(Path.GetDirectoryName(p)!, "bin", "Release", "net10.0", Path.GetFileNameWithoutExtension(p) + ".dll"));

    /// <summary>Runs one; a program that does not end within its time is ended and counts as broken, with the tests that it was at.</summary>
    public async Task<TestOutcome> Run(string program, TestSelection selection, CancellationToken stop)
    {
        var name = Path.GetFileNameWithoutExtension(program);
        var results = Path.Combine(repository.Generated, "test-results");
        Directory.CreateDirectory(results);
        var report = Path.Combine(results, name + ".json");
        File.Delete(report);
        var started = TimeProvider.System.GetTimestamp();
        var launch = new Launch(
            "dotnet",
            [
                program, "--results-directory", results, "--report-xunit-ctrf", "--report-xunit-ctrf-filename", name + ".json", "--progress", "off", "--no-ansi",
                "--xunit-diagnostics", "on", "--long-running", LongForOneTest.TotalSeconds.ToString(CultureInfo.InvariantCulture),
                .. selection.ProgramArguments(),
            ])
        {
            Folder = Path.GetDirectoryName(program),
            Environment = Environment(selection),
        };
        var said = new List<string>();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(selection.TimeForAProgram);
        ToolResult result;
        try
        {
            result = await screen.During(name, _ => tool.Run(launch, line => Keep(said, line), limit.Token));
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return TestOutcome.Broken(name, selection.TimeForAProgram, $"{name} did not end within {selection.TimeForAProgram.TotalMinutes:0} minutes and was ended at {StillRunning(said)}:\n{Last(said)}");
        }

        var took = TimeProvider.System.GetElapsedTime(started);
        if (!File.Exists(report))
        {
            return result.ExitCode == NoTestsRan
                ? new TestOutcome(name, 0, 0, 0, took, [])
                : TestOutcome.Broken(name, took, $"{name} ended with {result.ExitCode} and left no report:\n{result.Output}{result.Errors}");
        }

        var outcome = CtrfReport.Parse(name, await File.ReadAllTextAsync(report, stop), took);
        return outcome.Failed == 0 && result.ExitCode is not (0 or NoTestsRan)
            ? TestOutcome.Broken(name, took, $"{name} ended with {result.ExitCode} although no test failed:\n{result.Tail(30)}")
            : outcome;
    }

    // Lines come from two streams.
    private static void Keep(List<string> said, string line)
    {
        lock (said)
        {
            said.Add(line);
        }
    }

    /// <summary>The tests of which the program last said that they take long.</summary>
    private static string StillRunning(List<string> said)
    {
        lock (said)
        {
            var report = said.FindLastIndex(static line => line.Contains("[Long Running Test]", StringComparison.Ordinal));
            return report < 0 ? "no test that takes long" : said[report].Trim();
        }
    }

    private static string Last(List<string> said)
    {
        lock (said)
        {
            return string.Join('\n', said.TakeLast(30));
        }
    }

    private Dictionary<string, string> Environment(TestSelection selection)
    {
        var environment = new Dictionary<string, string>
        {
            ["DWEB_ROOT"] = repository.Root,
            ["DWEB_NPM"] = repository.NodeModules,
            ["DOCKER_HOST"] = engine.Host,
            [SeedVariable] = Seed.ToString(CultureInfo.InvariantCulture),
        };
        if (selection.Full)
        {
            environment["CsCheck_Iter"] = "2000";
        }

        return environment;
    }
}
