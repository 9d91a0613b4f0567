using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace Dweb.Architecture.Tests;

/// <summary>Dependencies point one way: a room may use only the rooms named here.</summary>
public sealed class DependencyArrows
{
    private static readonly string Root = FindRoot();

    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["core"] = [],
        ["chain"] = ["core"],
        ["durable"] = [],
        ["functions"] = ["core", "chain", "durable"],
        ["agent"] = ["core", "chain"],
        ["cli"] = ["core", "chain"],
        ["local"] = [],
    };

    public static TheoryData<string> Rooms => [.. Allowed.Keys];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_room_references_only_the_rooms_below_it(string room)
    {
        var project = XDocument.Load(ProjectOf(room));
        var referenced = project.Descendants("ProjectReference")
            .Where(r => (string?)r.Attribute("OutputItemType") != "Analyzer")
            .Select(r => ((string)r.Attribute("Include")!).Replace('\\', '/').Split('/').SkipWhile(p => p == "..").First());
        Assert.Empty(referenced.Except(Allowed[room]));
    }

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_built_room_uses_no_assembly_of_a_room_above_it(string room)
    {
        var used = ReferencesOf(BuiltAssemblyOf(room)).Where(name => name.StartsWith("dweb", StringComparison.OrdinalIgnoreCase));
        Assert.Empty(used.Except(Allowed[room].Select(AssemblyOf)));
    }

    [Fact]
    public void Every_project_outside_tests_is_a_room_with_an_arrow()
    {
        var rooms = Directory.EnumerateDirectories(Root)
            .Where(d => Directory.EnumerateFiles(d, "*.csproj").Any())
            .Select(d => Path.GetFileName(d)!);
        Assert.Equal(Allowed.Keys.Order(StringComparer.Ordinal), rooms.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_domain_does_no_input_or_output_of_its_own()
    {
        var source = Directory.EnumerateFiles(Path.Combine(Root, "core"), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal));
        string[] forbidden = ["DateTime.UtcNow", "DateTime.Now", "DateTimeOffset.UtcNow", "DateTimeOffset.Now", "File.", "HttpClient", "new Random", "Random.Shared", "Guid.NewGuid", "Environment."];
        var found = source.SelectMany(f => File.ReadLines(f)
            .Where(l => !l.TrimStart().StartsWith("//", StringComparison.Ordinal))
            .SelectMany(l => forbidden.Where(w => UsesWord(l, w)).Select(w => $"{Path.GetRelativePath(Root, f)}: {w}")));
        Assert.Empty(found);
    }

    [Fact]
    public void Every_project_that_has_orchestrators_is_built_under_their_analyzer()
    {
        var projects = Directory.EnumerateDirectories(Root)
            .Where(d => !Path.GetFileName(d).StartsWith('.') && !d.EndsWith("/durable", StringComparison.Ordinal))
            .SelectMany(d => Directory.EnumerateFiles(d, "*.cs", SearchOption.AllDirectories))
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && File.ReadLines(f).Any(l => UsesWord(l, "OrchestrationContext")))
            .Select(ProjectAround).Distinct(StringComparer.Ordinal).ToArray();
        Assert.NotEmpty(projects);
        Assert.All(projects, project => Assert.Contains(XDocument.Load(project).Descendants("ProjectReference"), reference =>
            (string?)reference.Attribute("OutputItemType") == "Analyzer" && ((string)reference.Attribute("Include")!).EndsWith("Dweb.Durable.Analyzers.csproj", StringComparison.Ordinal)));
    }

    private static string ProjectAround(string file)
    {
        var folder = Path.GetDirectoryName(file)!;
        while (!Directory.EnumerateFiles(folder, "*.csproj").Any())
        {
            folder = Path.GetDirectoryName(folder)!;
        }
        return Directory.EnumerateFiles(folder, "*.csproj").Single();
    }

    private static bool UsesWord(string line, string word)
    {
        var at = line.IndexOf(word, StringComparison.Ordinal);
        return at >= 0 && (at == 0 || !(char.IsLetterOrDigit(line[at - 1]) || line[at - 1] is '.' or '"' or '_'));
    }

    private static IEnumerable<string> ReferencesOf(string assembly)
    {
        using var image = new PEReader(File.OpenRead(assembly));
        var metadata = image.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(r => metadata.GetString(metadata.GetAssemblyReference(r).Name))];
    }

    private static string ProjectOf(string room) => Directory.EnumerateFiles(Path.Combine(Root, room), "*.csproj").Single();

    private static string AssemblyOf(string room) =>
        XDocument.Load(ProjectOf(room)).Descendants("AssemblyName").SingleOrDefault()?.Value ?? Path.GetFileNameWithoutExtension(ProjectOf(room));

    // .../tests/Architecture/bin/CONFIGURATION/FRAMEWORK/: the rooms were built with the same two.
    private static string BuiltAssemblyOf(string room)
    {
        var framework = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(Root, room, "bin", framework.Parent!.Name, framework.Name, AssemblyOf(room) + ".dll");
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Dweb.Functions.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("These tests run inside a checkout.");
        }

        return folder;
    }
}
