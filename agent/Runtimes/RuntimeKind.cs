using Dweb.Agent.Runtimes.Docker;
using Dweb.Agent.Runtimes.Podman;

namespace Dweb.Agent.Runtimes;

/// <summary>Engines that an agent can work with. A host chooses one, in the agent's settings.</summary>
internal enum RuntimeKind
{
    Docker,
    Podman,
}

/// <summary>What each kind is called, where it usually listens and how it is started.</summary>
internal static class RuntimeKinds
{
    /// <summary>As the setting has them.</summary>
    public static IReadOnlyList<string> Names { get; } = ["docker", "podman"];

    public static bool TryParse(string text, out RuntimeKind kind)
    {
        int index = Names.ToList().IndexOf(text);
        kind = (RuntimeKind)Math.Max(0, index);
        return index >= 0;
    }

    /// <summary>Where its package has it listen.</summary>
    public static Uri UsualAddress(this RuntimeKind kind) => new(kind == RuntimeKind.Podman ? "unix:///run/podman/podman.sock" : "unix:///var/run/docker.sock");

    /// <summary>What starts it, for people.</summary>
    public static string StartedBy(this RuntimeKind kind) => kind == RuntimeKind.Podman
        ? "Install Podman and start its socket ('systemctl enable --now podman.socket')"
        : "Install and start Docker ('systemctl start docker')";

    public static IContainerRuntime Open(this RuntimeKind kind, Uri engine) => kind == RuntimeKind.Podman ? new PodmanRuntime(engine) : new DockerRuntime(engine);
}
