using System.Security.Cryptography;
using System.Text;
using Dweb.Local.Layout;
using Dweb.Local.Processes;

namespace Dweb.Local.Stack.Parts;

/// <summary>A container engine of our own, for machines where none answers. Needs root.</summary>
internal sealed class OwnEngine(StateFolder state)
{
    public const string Part = "dockerd";

    // Socket paths end at 107 characters, and a checkout may be anywhere.
    private string Sockets { get; } = Path.Combine("/run", "dweb-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(state.Root)))[..10]);

    public Engine Engine => new(Path.Combine(Sockets, "docker.sock"));

    /// <summary>Kept between starts: images need not be pulled again.</summary>
    public static string DataRoot(StateFolder state) => Path.Combine(state.Root, "engine");

    public PartPlan Plan() => new(
        Part,
        new Launch(
            "dockerd",
            "--host", Engine.Host,
            "--data-root", DataRoot(state),
            "--exec-root", Path.Combine(Sockets, "exec"),
            "--pidfile", Path.Combine(Sockets, "docker.pid"),
            "--config-file", EmptyConfiguration(),
            "--log-level", "warn"),
        Engine.Answers)
    {
        Advice = "dockerd needs root, control groups and iptables. Start an engine of your own, or set DOCKER_HOST to one.",
    };

    /// <summary>Not the machine's own configuration: it may name a data folder that is not ours.</summary>
    private string EmptyConfiguration()
    {
        var file = Path.Combine(state.Root, "dockerd.json");
        File.WriteAllText(file, "{}\n");
        Directory.CreateDirectory(Sockets);
        return file;
    }
}
