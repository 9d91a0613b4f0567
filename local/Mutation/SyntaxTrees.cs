using System.Text.Json;
using Dweb.Local.Test.Contracts;

namespace Dweb.Local.Mutation;

/// <summary>The compiler's syntax trees, as forge left them in the artifacts of a build.</summary>
internal static class SyntaxTrees
{
    /// <param name="contracts">A folder with <c>src</c> and the <c>out</c> of a build of it.</param>
    /// <param name="file">Path of a source in the folder.</param>
    /// <exception cref="LocalException">The build holds no tree of this file.</exception>
    public static IReadOnlyList<Mutant> Mutants(string contracts, string file)
    {
        foreach (var artifact in BuildCache.Artifacts(contracts).GetValueOrDefault(file, []))
        {
            using var document = JsonDocument.Parse(File.ReadAllText(artifact));
            if (document.RootElement.TryGetProperty("ast", out var tree) && tree.GetProperty("absolutePath").GetString() == file)
            {
                return MutantGenerator.Of(file, File.ReadAllBytes(Path.Combine(contracts, file)), tree);
            }
        }

        throw new LocalException($"The build of the contracts holds no syntax tree of {file}.", "foundry.toml needs 'ast = true'.");
    }
}
