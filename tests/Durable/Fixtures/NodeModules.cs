namespace Dweb.Durable.Tests.Fixtures;

/// <summary>Where the pinned npm packages are.</summary>
internal static class NodeModules
{
    public static string Folder() => Environment.GetEnvironmentVariable("DWEB_NPM") ?? Path.Combine(RepositoryRoot(), ".dweb", "npm", "node_modules");

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Dweb.Functions.sln")))
        {
            folder = folder.Parent;
        }
        return folder?.FullName ?? throw new InvalidOperationException("The tests run outside the repository.");
    }
}
