namespace Dweb.Core.Manifest;

/// <summary>
/// A place in the container that keeps what is written there for as long as its lease lives, and goes with it. All volumes of a replica share the storage
/// that its lease reserves; no two replicas share one.
/// </summary>
/// <param name="Path">Where it is mounted; see <see cref="MountPath"/>.</param>
public sealed record VolumeSpec(string Path)
{
    /// <summary>Most that one service may have, temporary ones included.</summary>
    public const int Most = 16;

    /// <summary>Two paths of one name show the same files; null for a volume of its own.</summary>
    public string? Name { get; init; }
}
