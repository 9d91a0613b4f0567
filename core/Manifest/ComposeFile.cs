using Dweb.Core.Manifest.Compose;

namespace Dweb.Core.Manifest;

/// <summary>Reads the part of the Compose format that Dweb runs. docs/protocol.md lists its keys.</summary>
public static class ComposeFile
{
    /// <param name="fileName">Names the file in errors, and the deployment if the file does not.</param>
    /// <exception cref="Protocol.Errors.DwebException">
    /// compose-unsupported-key or compose-malformed, with <c>file:line</c> as its field. A key is carried out or refused, never ignored.
    /// </exception>
    public static Deployment Parse(string text, string fileName)
    {
        var root = ComposeDocument.Load(text, fileName).AsMap();
        root.Allow("name", "services", "volumes", "secrets", "x-dweb");
        var settings = DeploymentSettings.Read(root.Find("x-dweb"));
        var services = root.Require("services").AsMap();
        var plans = services.Entries.Select(entry => ServiceReader.Read(entry.Key, entry.Value)).ToList();
        if (plans.Count == 0)
        {
            throw services.Malformed("there is no service");
        }

        VolumeNames.Check(root.Find("volumes"), services, plans);

        string name = settings.Name ?? root.Find("name")?.AsText() ?? NameOf(fileName);
        return new Deployment(
            name, plans, settings.Duration, settings.Prepay ?? settings.Duration, settings.MaxTotal, settings.MaxRoyaltyBps, settings.MaxFeeBps)
        {
            Upgrades = settings.Upgrades,
            Secrets = SecretsReader.ReadSources(root.Find("secrets"), services, plans),
        };
    }

    // As Compose does: the folder's name, because most files have the same one.
    private static string NameOf(string fileName)
    {
        string[] parts = fileName.Split('/', '\\');
        string stem = Path.GetFileNameWithoutExtension(parts[^1]);
        bool generic = stem is "compose" or "docker-compose" or "";
        return !generic ? stem : parts.Length > 1 && parts[^2] is not ("" or "." or "..") ? parts[^2] : "app";
    }
}
