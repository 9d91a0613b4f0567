namespace Dweb.Local.Layout;

/// <summary>Where things are in the checkout.</summary>
internal sealed record Repository(string Root)
{
    private const string Landmark = "Dweb.Functions.sln";

    /// <summary>The generated folder that git ignores.</summary>
    public string Generated => Path.Combine(Root, ".dweb");

    public string Contracts => Path.Combine(Root, "contracts");

    /// <summary>Package and lock file of the parts that come from npm.</summary>
    public string NpmManifest => Path.Combine(Root, "local", "npm");

    public string NpmFolder => Path.Combine(Generated, "npm");

    public string NodeModules => Path.Combine(NpmFolder, "node_modules");

    /// <summary>The launcher: what a person types.</summary>
    public string Launcher => Path.Combine(Root, "dweb");

    public string NpmBinary(string name) => Path.Combine(NodeModules, ".bin", name);

    /// <summary>The built command line.</summary>
    public string Cli => Binary("cli", "dweb-cli");

    /// <summary>The built program of a project, e.g. <c>functions</c>, <c>dweb-functions</c>, where it is compiled ahead.</summary>
    public string Binary(string project, string assembly) =>
        Path.Combine(Root, project, "bin", "Release", "net10.0", "ready", assembly + ".dll");

    /// <summary>The checkout named by the launcher, or the one this program was built in.</summary>
    public static Repository Find(string? named, string start)
    {
        for (var folder = named ?? start; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, Landmark)))
            {
                return new Repository(Path.TrimEndingDirectorySeparator(folder));
            }
        }

        throw new LocalException($"No checkout of Dweb around '{named ?? start}': {Landmark} was not found there or above.", "Start it through the 'dweb' file of a checkout.");
    }
}
