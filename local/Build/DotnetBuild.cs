using System.Text.RegularExpressions;
using Dweb.Local.Layout;
using Dweb.Local.Processes;

namespace Dweb.Local.Build;

/// <summary>Builds the programs of the checkout, leaving no build server behind.</summary>
internal sealed partial class DotnetBuild(Repository repository, Tool tool)
{
    private static readonly string[] Shared = ["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", ".editorconfig", "global.json"];

    /// <summary>The programs of the stack and what they are made of.</summary>
    public static BuildTarget Stack { get; } = new(
        "stack", Path.Combine("local", "Build", "stack.slnf"), ["functions", "agent", "cli", "core", "chain", "durable", Path.Combine("contracts", "abi"), Path.Combine("infra", "systemd"), "host.json", .. Shared]);

    /// <summary>The program that measures orchestrations.</summary>
    public static BuildTarget Benchmarks { get; } = new(
        "benchmarks", Path.Combine("tests", "Benchmarks", "Dweb.Benchmarks.csproj"), [Path.Combine("tests", "Benchmarks"), Path.Combine("tests", "Durable", "Fixtures"), "functions", "core", "chain", "durable", Path.Combine("contracts", "abi"), "host.json", .. Shared]);

    /// <summary>Everything, tests included.</summary>
    public static BuildTarget Everything { get; } = new(
        "everything", "Dweb.Functions.sln", ["functions", "agent", "cli", "core", "chain", "durable", "local", "tests", Path.Combine("contracts", "abi"), "infra", "host.json", "Dweb.Functions.sln", .. Shared]);

    public bool IsCurrent(BuildTarget target) => StampOf(target).Matches(FingerprintOf(target));

    /// <exception cref="LocalException">It does not build; the message holds the compiler's errors.</exception>
    public async Task Build(BuildTarget target, Action<string> heard, CancellationToken stop)
    {
        var fingerprint = FingerprintOf(target);
        StampOf(target).Clear();
        var result = await tool.Run(
            new Launch("dotnet", "build", Path.Combine(repository.Root, target.File), "-c", "Release", "-v", "m", "--disable-build-servers", "-nodeReuse:false", "-p:GenerateFullPaths=true")
            {
                Folder = repository.Root,
            },
            line => heard(ProjectBuilt().Match(line) is { Success: true } m ? m.Groups["project"].Value : ""),
            stop);
        if (!result.Succeeded)
        {
            var errors = string.Join('\n', result.Output.Split('\n').Where(l => ErrorLine().IsMatch(l)).Select(l => l.Trim()).Distinct().Take(40));
            throw new LocalException($"The build failed:\n{(errors.Length > 0 ? errors : result.Tail(40))}", "Correct the sources, then start again.");
        }

        StampOf(target).Write(fingerprint);
    }

    private string FingerprintOf(BuildTarget target) => Fingerprint.Of(repository.Root, target.Inputs);

    private Stamp StampOf(BuildTarget target) => new(Path.Combine(repository.Generated, "build"), target.Name);

    [GeneratedRegex(@"^\s*(?<project>\S+) -> ", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex ProjectBuilt();

    [GeneratedRegex(@"(: |\s)(error|warning) [A-Z]+\d+", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex ErrorLine();
}

/// <summary>A build and the files and folders it depends on, relative to the root.</summary>
internal sealed record BuildTarget(string Name, string File, IReadOnlyList<string> Inputs);
