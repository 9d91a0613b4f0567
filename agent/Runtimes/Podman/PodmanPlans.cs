using System.Globalization;
using System.Net;
using System.Text.Json;
using Dweb.Core.Manifest;
using Dweb.Core.Manifest.Secrets;

namespace Dweb.Agent.Runtimes.Podman;

/// <summary>Plans in Podman's words, and its refusals in ours.</summary>
internal static class PodmanPlans
{
    // Of the kernel's scheduler: a tenth of a second.
    private const ulong PeriodMicroseconds = 100_000;
    private const long MicrosecondsPerMilliCpu = (long)PeriodMicroseconds / 1_000;

    // A user's processes on this whole machine, which the cgroup's limit has nothing to do with; told so that Podman does not ask for more than it may.
    private const ulong ProcessesOfUser = 30_000;

    // Each check is begun by the agent, which also gives it up.
    private const long LongestCheckNanoseconds = 3_600_000_000_000;

    private static readonly LibpodHealth NoHealth = new(["NONE"], 0, 0);

    public static LibpodContainer ContainerOf(ContainerPlan plan)
    {
        var spec = plan.Spec;
        var check = HealthCheck.Of(spec.Health);
        return new LibpodContainer
        {
            Name = plan.Name,
            Image = plan.Image,
            Entrypoint = spec.Entrypoint,
            Command = spec.Command,
            Variables = plan.Variables(),
            Labels = check is null ? plan.Labels() : new Dictionary<string, string>(plan.Labels(), StringComparer.Ordinal) { [HealthCheck.Label] = check.ToString() },
            Hostname = plan.Hostname,
            StopTimeout = spec.StopGraceSeconds,
            RestartPolicy = PolicyOf(spec.Restart),

            // Or a program that is called 'init' gets the control groups to write to.
            Systemd = "false",
            Log = new LibpodLog("k8s-file", ContainerLimits.LogBytes),

            // Without an interval Podman leaves the timers of systemd alone. What the image brings along would set one.
            Health = check is null ? NoHealth : new LibpodHealth(spec.Health!.Test, LongestCheckNanoseconds, spec.Health.Retries),
            Limits = new LibpodLimits(
                new LibpodCpu(checked((long)plan.Reserved.Cpu * MicrosecondsPerMilliCpu), PeriodMicroseconds),
                new LibpodMemory(plan.MemoryBytes, plan.MemoryBytes),
                new LibpodProcesses(ContainerLimits.Processes)),
            UserLimits = [new("nofile", (ulong)ContainerLimits.OpenFiles, (ulong)ContainerLimits.OpenFiles), new("nproc", ProcessesOfUser, ProcessesOfUser), new("core", 0, 0)],
            DroppedCapabilities = ["ALL"],
            NoNewPrivileges = true,
            IsRootReadOnly = true,
            ImageVolumes = "ignore",
            Mounts = [.. plan.Temporary.Select(path => new LibpodMount(path, "tmpfs", "tmpfs", [.. plan.TemporaryOptions().Split(','), "notmpcopyup"])), .. SecretsOf(plan)],
            Volumes = [.. plan.Mounts.Select(VolumeOf)],
            Ipc = new LibpodNamespace("private"),
            NetworkNamespace = new LibpodNamespace("bridge"),
            Networks = new Dictionary<string, LibpodEndpoint>(StringComparer.Ordinal) { [plan.Network.Name] = new("eth0") },
            Ports = [.. spec.Ports.Select(port => new LibpodPort(AddressOf(plan.PublishOn), port.Container, "tcp"))],
        };
    }

    /// <summary>Its name server would answer at the host's address in the network, which no container reaches: they ask those that the host asks.</summary>
    public static LibpodNetwork NetworkOf(NetworkPlan plan) => new()
    {
        Name = plan.Name,
        Driver = "bridge",
        Interface = plan.Bridge,
        Subnets = [new LibpodSubnet(plan.Subnet.ToString(), plan.Gateway.ToString())],
        HasNameServer = false,
        Labels = new Dictionary<string, string>(StringComparer.Ordinal) { [ContainerNames.CoeLabel] = plan.Coe.ToString() },
    };

    /// <summary>Podman has one status for most refusals and says the rest in a cause.</summary>
    public static RuntimeFault FaultOf(HttpStatusCode status, string body) => status switch
    {
        HttpStatusCode.NotFound => RuntimeFault.ContainerMissing,
        HttpStatusCode.Conflict => RuntimeFault.NameTaken,
        _ when CauseOf(body) is "that name is already in use" or "container already exists" => RuntimeFault.NameTaken,

        // What goes while it is asked about.
        _ when CauseOf(body) is "no such container" => RuntimeFault.ContainerMissing,
        _ when CauseOf(body) is "container state improper" => RuntimeFault.Changing,
        _ => RuntimeFault.Refused,
    };

    private static string? CauseOf(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("cause", out var cause) ? cause.GetString() : null;
        }
        catch (JsonException)
        {
            // Told in plain words, without a cause.
            return null;
        }
    }

    // A volume and no plain bind, so that it begins as what the image has there.
    private static LibpodVolume VolumeOf(MountPlan mount) => new(
        mount.Target, ["nosuid", "nodev", "volume-opt=type=none", "volume-opt=o=bind", string.Create(CultureInfo.InvariantCulture, $"volume-opt=device={mount.Source}")]);

    // Netavark takes 0.0.0.0 for an address that packets are sent to, and none is; it has no name for all of them.
    private static string AddressOf(IPAddress published) => published.Equals(IPAddress.Any) || published.Equals(IPAddress.IPv6Any) ? "" : published.ToString();

    private static LibpodMount[] SecretsOf(ContainerPlan plan) =>
        plan.SecretsFolder is { } folder ? [new LibpodMount(SecretsSpec.Folder, "bind", folder, ["bind", "ro", "nosuid", "nodev", "noexec"])] : [];

    // As Docker's 'always', which would start what the agent stopped when the engine starts again.
    private static string PolicyOf(RestartPolicy policy) => policy switch
    {
        RestartPolicy.No => "no",
        RestartPolicy.OnFailure => "on-failure",
        _ => "unless-stopped",
    };
}
