using Dweb.Local.Layout;

namespace Dweb.Local.Demo;

/// <summary>The file system of the demo's image: the machine's static busybox, a link that makes it a shell, one page and the library that it uses.</summary>
internal static class DemoImage
{
    public const string Repository = "demo/web";
    public const int Port = 8080;
    private const UnixFileMode Executable =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>Writes an edition of it below the state folder and returns where.</summary>
    public static string Write(Repository repository, StateFolder state, Edition edition)
    {
        var root = Path.Combine(state.Root, edition.Folder);
        if (Directory.Exists(root))
        {
            Directory.Delete(root, recursive: true);
        }

        var source = SourceOf(repository, edition);
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            Place(file, Path.Combine(root, Path.GetRelativePath(source, file)));
        }

        Place(Path.Combine(ToolsOf(repository), "page.sh"), Path.Combine(root, "lib", "page.sh"));
        Place("/bin/busybox", Path.Combine(root, "bin", "busybox"));
        File.CreateSymbolicLink(Path.Combine(root, "bin", "sh"), "busybox");
        return root;
    }

    /// <summary>What is released as code: the page and the deployment, not busybox.</summary>
    public static string SourceOf(Repository repository, Edition edition) => Path.Combine(repository.Root, "local", "Demo", edition.Folder);

    /// <summary>A library that the page uses, which others wrote.</summary>
    public static string ToolsOf(Repository repository) => Path.Combine(repository.Root, "local", "Demo", "tools");

    private static void Place(string from, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        File.Copy(from, to);
        File.SetUnixFileMode(to, Executable);
    }
}

/// <summary>A version of the demo's page, with the folder of its source.</summary>
internal sealed record Edition(string Version, string Folder)
{
    public static Edition First { get; } = new("1.0.0", "image");

    public static Edition Second { get; } = new("1.1.0", "image-next");
}
