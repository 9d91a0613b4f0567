using System.Diagnostics.CodeAnalysis;

namespace Dweb.Cli.Hosting;

/// <summary>A container engine that an agent works with.</summary>
/// <param name="Name">As the agent's settings have it.</param>
/// <param name="Address">Where its package has it listen.</param>
/// <param name="Folder">Where it keeps images and what containers write.</param>
internal sealed record HostRuntime(string Name, string Address, string Folder)
{
    public static HostRuntime Docker { get; } = new("docker", "unix:///var/run/docker.sock", "/var/lib/docker");

    public static HostRuntime Podman { get; } = new("podman", "unix:///run/podman/podman.sock", "/var/lib/containers");

    public static bool TryParse(string text, [MaybeNullWhen(false)] out HostRuntime runtime)
    {
        runtime = Array.Find([Docker, Podman], known => known.Name == text);
        return runtime is not null;
    }
}
