using Dweb.Local.Build;
using Dweb.Local.Layout;
using Dweb.Local.Processes;

namespace Dweb.Local.Test.Contracts;

/// <summary>A copy of the contracts' folder with what is compiled of it: work in it changes nothing outside, and only what differs is compiled.</summary>
internal sealed class ContractsCopy
{
    private const string Packages = "node_modules";
    private readonly Repository _repository;
    private readonly Tool _tool;

    private ContractsCopy(Repository repository, Tool tool, string folder) => (_repository, _tool, Folder) = (repository, tool, folder);

    public string Folder { get; }

    /// <param name="repository">Names the packages.</param>
    /// <param name="tool">Copies.</param>
    /// <param name="from">The contracts' folder, or a copy of it.</param>
    /// <param name="to">Where the copy comes to be; what is there is removed.</param>
    /// <param name="stop">Ends it early.</param>
    public static async Task<ContractsCopy> Make(Repository repository, Tool tool, string from, string to, CancellationToken stop)
    {
        if (Directory.Exists(to))
        {
            Directory.Delete(to, recursive: true);
        }

        Directory.CreateDirectory(to);
        var entries = Directory.EnumerateFileSystemEntries(from).Where(e => Path.GetFileName(e) != Packages);
        await tool.Require(new Launch("cp", ["-a", "--reflink=auto", "--", .. entries, to]), "Is the disk full?", stop);
        Directory.CreateSymbolicLink(Path.Combine(to, Packages), repository.NodeModules);
        return new ContractsCopy(repository, tool, to);
    }

    /// <summary>Runs forge in the copy.</summary>
    /// <param name="environment">Additions to the environment.</param>
    /// <param name="stop">Ends it.</param>
    /// <param name="arguments">Of forge.</param>
    public Task<ToolResult> Forge(IReadOnlyDictionary<string, string> environment, CancellationToken stop, params IReadOnlyList<string> arguments)
    {
        var launch = new Forge(_repository, _tool).InBackground(arguments);
        var all = new Dictionary<string, string>(launch.Environment);
        foreach (var (name, value) in environment)
        {
            all[name] = value;
        }

        return _tool.Run(launch with { Folder = Folder, Environment = all }, heard: null, stop);
    }
}
