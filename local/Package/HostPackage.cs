using System.Globalization;
using System.Runtime.InteropServices;
using Dweb.Local.Layout;
using Dweb.Local.Processes;

namespace Dweb.Local.Package;

/// <summary>What was made.</summary>
internal sealed record PackageFiles(string Debian, string Tarball);

/// <summary>
/// Agent and command line as a host installs them: a Debian package and a tarball of the same tree, with the runtime inside. The same sources, SDK and time give
/// the same bytes, wherever the checkout is.
/// </summary>
internal sealed class HostPackage(Repository repository, Tool tool)
{
    private const string EpochVariable = "SOURCE_DATE_EPOCH";

    public static string Version { get; } = typeof(HostPackage).Assembly.GetName().Version!.ToString(3);

    /// <summary>As .NET names it.</summary>
    public static string Architecture { get; } = RuntimeInformation.OSArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => "x64",
        System.Runtime.InteropServices.Architecture.Arm64 => "arm64",
        var other => throw new LocalException($"There is no package for {other}.", "Make it on a machine with x64 or arm64."),
    };

    /// <summary>As Debian names it.</summary>
    public static string DebianArchitecture { get; } = Architecture == "x64" ? "amd64" : Architecture;

    private string Parts => Path.Combine(repository.Root, "infra", "package");

    /// <summary>Compiles both programs for this kind of machine, beside one runtime. Takes a minute or two of processor time.</summary>
    /// <param name="work">Gets a folder <c>programs</c>, which is returned.</param>
    /// <param name="heard">Called with the name of what is compiled.</param>
    /// <param name="stop">Ends it early.</param>
    /// <exception cref="LocalException">They do not compile.</exception>
    public async Task<string> Publish(string work, Action<string> heard, CancellationToken stop)
    {
        var programs = Path.Combine(work, "programs");
        foreach (var project in (string[])["agent", "cli"])
        {
            heard(project);
            await tool.Require(
                new Launch(
                    "dotnet", "publish", Path.Combine(repository.Root, project), "-c", "Release", "-r", $"linux-{Architecture}", "--self-contained", "-v", "q", "--disable-build-servers",
                    "-nodeReuse:false", "--artifacts-path", Path.Combine(work, "artifacts"), "-o", programs,
                    // Compiled to the machine's code, with the runtime and without what only developers read.
                    "-p:PublishReadyToRun=true", "-p:IsCompilingAhead=true", "-p:PublishDocumentationFiles=false", "-p:PublishReferencesDocumentationFiles=false", "-p:DebugType=none",
                    // No path of the checkout is in what is compiled.
                    $"-p:PathMap={repository.Root}=/dweb", "-p:RunAnalyzers=false", "-p:EnforceCodeStyleInBuild=false")
                {
                    Folder = repository.Root,
                },
                "Correct the sources, or see that the package feed has the runtime of this SDK, then start again.", stop);
        }

        return programs;
    }

    /// <summary>Packs what was compiled.</summary>
    /// <param name="programs">As <see cref="Publish"/> returned it.</param>
    /// <param name="work">For the tree that is packed; emptied first.</param>
    /// <param name="output">Gets the two files.</param>
    /// <param name="stop">Ends it early.</param>
    public async Task<PackageFiles> Pack(string programs, string work, string output, CancellationToken stop)
    {
        var epoch = await Epoch(stop);
        var name = $"dweb-{Version}-linux-{Architecture}";
        var root = Path.Combine(work, name);
        if (Directory.Exists(root))
        {
            Directory.Delete(root, recursive: true);
        }

        var tree = new PackageTree(root, DateTimeOffset.FromUnixTimeSeconds(epoch));
        Fill(tree, programs);
        tree.Stamp();
        Directory.CreateDirectory(output);
        var debian = Path.Combine(output, $"dweb_{Version}_{DebianArchitecture}.deb");
        var tarball = Path.Combine(output, name + ".tar.gz");
        var environment = new Dictionary<string, string> { [EpochVariable] = epoch.ToString(CultureInfo.InvariantCulture), ["LC_ALL"] = "C" };

        // gzip: one thread, one result; the runtime is most of it and hardly smaller by others.
        await tool.Require(
            new Launch("dpkg-deb", "--root-owner-group", "-Zgzip", "--build", root, debian) { Environment = environment }, "Install Debian's dpkg, then start again.", stop);
        await tool.Require(
            new Launch(
                "tar", "--sort=name", $"--mtime=@{epoch}", "--owner=0", "--group=0", "--numeric-owner", "--format=gnu", $"--exclude={name}/DEBIAN", "-I", "gzip -n", "-C", work, "-cf", tarball, name)
            {
                Environment = environment,
            },
            "Install GNU tar and gzip, then start again.", stop);
        return new PackageFiles(debian, tarball);
    }

    private void Fill(PackageTree tree, string programs)
    {
        tree.AddFolder("usr/lib/dweb", programs, "dweb-agent", "dweb-cli", "createdump");
        tree.Link("usr/bin/dweb", "../lib/dweb/dweb-cli");
        tree.Link("usr/bin/dweb-agent", "../lib/dweb/dweb-agent");
        tree.Add("usr/lib/systemd/system/dweb-agent.service", File.ReadAllBytes(Path.Combine(repository.Root, "infra", "systemd", "dweb-agent.service")));
        tree.Add("etc/default/dweb-agent", Part("dweb-agent.default"));
        tree.AddCompressed("usr/share/man/man1/dweb.1.gz", Part("dweb.1"));
        tree.AddCompressed("usr/share/man/man8/dweb-agent.8.gz", Part("dweb-agent.8"));
        tree.Add("usr/share/doc/dweb/copyright", File.ReadAllBytes(Path.Combine(repository.Root, "LICENSE")));
        var size = (tree.Bytes / 1024).ToString(CultureInfo.InvariantCulture);
        tree.Add("DEBIAN/conffiles", Part("debian/conffiles"));
        foreach (var script in (string[])["postinst", "prerm", "postrm"])
        {
            tree.Add($"DEBIAN/{script}", Part($"debian/{script}"), runs: true);
        }

        var control = File.ReadAllText(Path.Combine(Parts, "debian", "control"))
            .Replace("@VERSION@", Version, StringComparison.Ordinal)
            .Replace("@ARCHITECTURE@", DebianArchitecture, StringComparison.Ordinal)
            .Replace("@SIZE@", size, StringComparison.Ordinal);
        tree.Add("DEBIAN/control", System.Text.Encoding.UTF8.GetBytes(control));
    }

    private byte[] Part(string name) => File.ReadAllBytes(Path.Combine(Parts, name));

    /// <summary>Unix seconds that every file of the packages bears: <c>SOURCE_DATE_EPOCH</c>, or when the sources were committed.</summary>
    private async Task<long> Epoch(CancellationToken stop)
    {
        var text = Environment.GetEnvironmentVariable(EpochVariable) is { Length: > 0 } given
            ? given
            : await tool.Require(
                new Launch("git", "-C", repository.Root, "log", "-1", "--format=%ct"), $"Set {EpochVariable} to the Unix time of these sources: they are in no git repository.", stop);
        return long.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var epoch)
            ? epoch
            : throw new LocalException($"{EpochVariable} is '{text.Trim()}', which is no time in Unix seconds.", "Set it to a whole number, or leave it away.");
    }
}
