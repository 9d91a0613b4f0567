namespace Dweb.Functions.Tests.Stack;

/// <summary>Where the repository and its npm packages are.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string NodeModules { get; } = FindNodeModules();

    public static string Tool(string name) => Path.Combine(NodeModules, ".bin", name);

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Dweb.Functions.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }

    private static string FindNodeModules()
    {
        string? configured = Environment.GetEnvironmentVariable("DWEB_NPM");
        string modules = string.IsNullOrEmpty(configured) ? Path.Combine(Root, ".dweb", "npm", "node_modules") : configured;
        return Directory.Exists(modules)
            ? modules
            : throw new InvalidOperationException($"There is no {modules}. Run './dweb test', which installs it, or set DWEB_NPM to a node_modules folder.");
    }
}
