using Dweb.Core.Manifest;

namespace Dweb.Agent.Runtimes;

/// <summary>Where a container whose root is read-only writes what it need not keep.</summary>
internal static class TemporaryPaths
{
    // What the Filesystem Hierarchy Standard says every program may write to.
    private static readonly string[] Usual = ["/run", "/tmp", "/var/tmp"];

    /// <summary>Those that its spec names, and the usual ones on which it has no volume.</summary>
    public static IEnumerable<string> Of(ContainerSpec spec) =>
        Usual.Union(spec.Tmpfs ?? [], StringComparer.Ordinal).Except((spec.Volumes ?? []).Select(static volume => volume.Path), StringComparer.Ordinal);
}
