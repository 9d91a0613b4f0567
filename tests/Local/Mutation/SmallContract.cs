using System.Text.Json;
using Dweb.Local.Mutation;

namespace Dweb.Local.Tests.Mutation;

/// <summary>A contract with one of each thing that can be changed, and one of each that must not be.</summary>
internal static class SmallContract
{
    public const string File = "Small.sol";
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Mutation");

    public static byte[] Source { get; } = System.IO.File.ReadAllBytes(Path.Combine(Folder, File));

    public static IReadOnlyList<Mutant> Mutants()
    {
        using var tree = JsonDocument.Parse(System.IO.File.ReadAllText(Path.Combine(Folder, "Small.ast.json")));
        return MutantGenerator.Of(File, Source, tree.RootElement);
    }
}
