using System.Security.Cryptography;
using Dweb.Local.Layout;
using Dweb.Local.Processes;

namespace Dweb.Local.Install;

/// <summary>The pinned npm packages in the generated folder.</summary>
internal sealed class NpmPackages(Repository repository)
{
    private static readonly string[] Manifests = ["package.json", "package-lock.json"];

    private string Stamp => Path.Combine(repository.NpmFolder, "installed");

    /// <summary>Whether what is installed is what the lock file names.</summary>
    public bool AreCurrent() => File.Exists(Stamp) && Directory.Exists(repository.NodeModules) && File.ReadAllText(Stamp) == Fingerprint();

    public async Task Install(Tool tool, Action<string> heard, CancellationToken stop)
    {
        Directory.CreateDirectory(repository.NpmFolder);
        File.Delete(Stamp);
        foreach (var manifest in Manifests)
        {
            File.Copy(Path.Combine(repository.NpmManifest, manifest), Path.Combine(repository.NpmFolder, manifest), overwrite: true);
        }

        // Nothing here needs an install script, so none gets to run.
        var result = await tool.Run(
            new Launch("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error")
            {
                Folder = repository.NpmFolder,
                Environment = new Dictionary<string, string> { ["npm_config_update_notifier"] = "false" },
            },
            heard,
            stop);
        if (!result.Succeeded)
        {
            throw new LocalException($"'npm ci' ended with {result.ExitCode}:\n{result.Tail()}", "Check the network and the npm registry in your npm configuration, then start again.");
        }

        await File.WriteAllTextAsync(Stamp, Fingerprint(), stop);
    }

    private string Fingerprint() => string.Join(' ', Manifests.Select(m =>
        Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(repository.NpmManifest, m))))));
}
