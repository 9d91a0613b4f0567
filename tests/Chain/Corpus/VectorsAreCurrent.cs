using System.Diagnostics;

namespace Dweb.Chain.Tests.Corpus;

/// <summary>Contracts and core are tested against committed vectors; a file that its generator would not write proves nothing.</summary>
public sealed class VectorsAreCurrent
{
    [Fact]
    public async Task The_golden_vectors_are_what_their_generator_writes()
    {
        var cancel = TestContext.Current.CancellationToken;
        string generator = Path.Combine(RepositoryRoot(), "contracts", "test", "vectors", "generate.mjs");
        using var node = Process.Start(new ProcessStartInfo("node", [generator, "--check"]) { RedirectStandardError = true, UseShellExecute = false })!;
        string errors = await node.StandardError.ReadToEndAsync(cancel);
        await node.WaitForExitAsync(cancel);
        Assert.True(node.ExitCode == 0, $"{errors}Run 'node {generator}'.");
    }

    private static string RepositoryRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !Directory.Exists(Path.Combine(folder, "contracts", "test", "vectors")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException($"No repository is above {AppContext.BaseDirectory}.");
    }
}
