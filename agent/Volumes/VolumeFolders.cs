using System.Text;
using Dweb.Agent.Runtimes;
using Dweb.Core.Manifest;
using Dweb.Core.Manifest.Secrets;
using Dweb.Core.Protocol;

namespace Dweb.Agent.Volumes;

/// <summary>Folder of a volume among those of its lease.</summary>
internal static class VolumeFolders
{
    /// <returns>The same for two paths of one name. One without a name is known by its path, hashed because paths have slashes.</returns>
    public static string NameOf(VolumeSpec volume) =>
        volume.Name is { } name ? "name-" + name : string.Concat("path-", Keccak256.Hash(Encoding.UTF8.GetBytes(volume.Path)).ToString().AsSpan(2, 16));

    /// <summary>Those of the spec, and those that the image expects and the spec does not name: an engine would give them room on the host without end.</summary>
    public static IReadOnlyList<VolumeSpec> Of(ContainerSpec spec, ImageFacts image)
    {
        var named = spec.Volumes ?? [];
        var covered = named.Select(static volume => volume.Path).Concat(TemporaryPaths.Of(spec)).ToHashSet(StringComparer.Ordinal);
        if (spec.Secrets is not null)
        {
            covered.Add(SecretsSpec.Folder);
        }

        return [.. named, .. image.Volumes.Where(path => !covered.Contains(path) && MountPath.IsAllowed(path)).Order(StringComparer.Ordinal).Select(static path => new VolumeSpec(path))];
    }
}
