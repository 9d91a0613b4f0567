using Dweb.Local.Layout;
using Dweb.Local.Processes;

namespace Dweb.Local.Tests;

/// <summary>The launcher in a copy of the checkout whose path has a space, called from another folder.</summary>
[Trait("Category", "Integration")]
public sealed class LauncherWorksAnywhere : IDisposable
{
    private readonly TemporaryFolder _copy = new();
    private readonly Tool _tool = new(new Spawner());
    private readonly Repository _repository = Repository.Find(named: null, AppContext.BaseDirectory);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_builds_once_and_refuses_to_install_when_told_so()
    {
        CopySources();
        var first = await Dweb("demo", "--no-install");
        Assert.Equal(1, first.ExitCode);
        Assert.Contains("Building Dweb.Local", first.Errors, StringComparison.Ordinal);
        Assert.Contains("npm packages", first.Output, StringComparison.Ordinal);
        Assert.Contains("--no-install forbids", first.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_copy.Path, ".dweb", "npm")));

        var second = await Dweb("local", "status");
        Assert.Equal(3, second.ExitCode);
        Assert.DoesNotContain("Building", second.Errors, StringComparison.Ordinal);

        _copy.File("local/Broken.cs", "this is no C#");
        var broken = await Dweb("local", "status");
        Assert.Equal(1, broken.ExitCode);
        Assert.Contains("Broken.cs", broken.Errors, StringComparison.Ordinal);
    }

    public void Dispose() => _copy.Dispose();

    private Task<ToolResult> Dweb(params string[] arguments) => _tool.Run(
        new Launch(Path.Combine(_copy.Path, "dweb"), arguments)
        {
            Folder = Path.GetTempPath(),
            Environment = new Dictionary<string, string> { ["DWEB_ROOT"] = "", ["DWEB_STATE"] = "" },
        },
        heard: null,
        Stop);

    private void CopySources()
    {
        foreach (var file in (string[])["dweb", "Directory.Build.props", "Directory.Packages.props", ".editorconfig", "global.json", "Dweb.Functions.sln"])
        {
            File.Copy(Path.Combine(_repository.Root, file), Path.Combine(_copy.Path, file));
        }

        Copy(Path.Combine(_repository.Root, "local"), Path.Combine(_copy.Path, "local"));
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }

        foreach (var folder in Directory.EnumerateDirectories(from).Where(f => Path.GetFileName(f) is not ("bin" or "obj")))
        {
            Copy(folder, Path.Combine(to, Path.GetFileName(folder)));
        }
    }
}
