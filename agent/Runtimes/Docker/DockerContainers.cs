using System.Globalization;
using Docker.DotNet.Models;
using Dweb.Core.Manifest;
using Dweb.Core.Manifest.Secrets;

namespace Dweb.Agent.Runtimes.Docker;

/// <summary>Plans to Docker's parameters, and Docker's answers to snapshots.</summary>
internal static class DockerContainers
{
    private const string LogFiles = "2";
    private const long NanoCpusPerMilliCpu = 1_000_000;

    public static CreateContainerParameters ParametersOf(ContainerPlan plan)
    {
        var spec = plan.Spec;
        return new CreateContainerParameters
        {
            Name = plan.Name,
            Image = plan.Image,
            Hostname = plan.Hostname,
            Entrypoint = spec.Entrypoint?.ToList()!,
            Cmd = spec.Command?.ToList()!,
            Env = [.. plan.Variables().Select(static variable => $"{variable.Key}={variable.Value}")],
            Labels = plan.Labels(),
            ExposedPorts = spec.Ports.ToDictionary(PortKey, static _ => default(EmptyStruct), StringComparer.Ordinal),
            Healthcheck = spec.Health is { } health ? HealthOf(health) : null,
            StopTimeout = TimeSpan.FromSeconds(spec.StopGraceSeconds),
            HostConfig = HostOf(plan),
        };
    }

    public static ContainerSnapshot SnapshotOf(ContainerInspectResponse found)
    {
        var state = found.State ?? throw new InvalidOperationException($"Docker described container {found.ID} without a state.");

        // Podman's word for one that was asked to end and has not yet.
        bool running = (state.Running && !state.Restarting) || state.Status == "stopping";
        var startedAt = TimeOf(state.StartedAt);
        return new ContainerSnapshot(
            found.ID,
            found.Name.TrimStart('/'),
            found.Config?.Labels?.AsReadOnly() ?? System.Collections.ObjectModel.ReadOnlyDictionary<string, string>.Empty,
            running ? ContainerCondition.Running : startedAt is null ? ContainerCondition.Created : ContainerCondition.Exited,
            running ? checked((int)state.Pid) : 0,
            startedAt,
            running ? TimeOf(state.FinishedAt) : EndOf(startedAt, TimeOf(state.FinishedAt)),
            found.RestartCount,
            state.ExitCode,
            state.OOMKilled,
            state.Error ?? "",
            state.Health?.Status switch { "healthy" => true, "unhealthy" => false, _ => null },
            PortsOf(found.NetworkSettings?.Ports))
        {
            Network = found.NetworkSettings?.Networks?.Keys.FirstOrDefault(),
            IsKeptRunning = found.HostConfig?.RestartPolicy?.Name == RestartPolicyKind.UnlessStopped,
        };
    }

    // Podman tells the end by the time of a file, whose clock is the coarser one: it would be before the start of what ended at once.
    private static DateTimeOffset? EndOf(DateTimeOffset? startedAt, DateTimeOffset? finishedAt) => finishedAt < startedAt ? startedAt : finishedAt;

    private static HostConfig HostOf(ContainerPlan plan) => new()
    {
        NanoCPUs = checked((long)plan.Reserved.Cpu * NanoCpusPerMilliCpu),
        Memory = plan.MemoryBytes,

        // Equal to memory: no swap.
        MemorySwap = plan.MemoryBytes,
        PidsLimit = ContainerLimits.Processes,
        CapDrop = ["ALL"],
        SecurityOpt = ["no-new-privileges"],
        Privileged = false,
        IpcMode = "private",
        NetworkMode = plan.Network.Name,
        ReadonlyRootfs = true,
        Tmpfs = plan.Temporary.ToDictionary(static path => path, _ => plan.TemporaryOptions(), StringComparer.Ordinal),
        Mounts = [.. plan.Mounts.Select(MountOf), .. SecretsOf(plan)],
        Ulimits = [new Ulimit { Name = "nofile", Soft = ContainerLimits.OpenFiles, Hard = ContainerLimits.OpenFiles }, new Ulimit { Name = "core", Soft = 0, Hard = 0 }],
        LogConfig = new LogConfig
        {
            Type = "json-file",
            Config = new Dictionary<string, string>(StringComparer.Ordinal) { ["max-size"] = (ContainerLimits.LogBytes / 2).ToString(CultureInfo.InvariantCulture), ["max-file"] = LogFiles },
        },
        RestartPolicy = new global::Docker.DotNet.Models.RestartPolicy { Name = PolicyOf(plan.Spec.Restart) },
        PortBindings = plan.Spec.Ports.ToDictionary(PortKey, IList<PortBinding> (_) => [new PortBinding { HostIP = plan.PublishOn.ToString(), HostPort = "" }], StringComparer.Ordinal),
    };

    // Unnamed, so that the engine removes it with its container; a volume and no plain bind, so that it begins as what the image has there.
    private static Mount MountOf(MountPlan mount) => new()
    {
        Type = "volume",
        Target = mount.Target,
        VolumeOptions = new VolumeOptions { DriverConfig = BindTo(mount.Source, "bind") },
    };

    // A volume here too: the engine mounts it by its own right, so that a container whose users are mapped need not be let into the agent's folder. It takes no
    // word that a volume without a name is read-only, only that what is mounted there is.
    private static Mount[] SecretsOf(ContainerPlan plan) => plan.SecretsFolder is not { } folder ? [] :
    [
        new() { Type = "volume", Target = SecretsSpec.Folder, VolumeOptions = new VolumeOptions { NoCopy = true, DriverConfig = BindTo(folder, "bind,ro") } },
    ];

    private static Driver BindTo(string folder, string options) => new()
    {
        Name = "local",
        Options = new Dictionary<string, string>(StringComparer.Ordinal) { ["type"] = "none", ["o"] = options, ["device"] = folder },
    };

    // 'always' would start a container that the agent stopped for want of funds when the engine itself restarts.
    private static RestartPolicyKind PolicyOf(Core.Manifest.RestartPolicy policy) => policy switch
    {
        Core.Manifest.RestartPolicy.No => RestartPolicyKind.No,
        Core.Manifest.RestartPolicy.OnFailure => RestartPolicyKind.OnFailure,
        _ => RestartPolicyKind.UnlessStopped,
    };

    private static HealthcheckConfig HealthOf(HealthSpec health) => new()
    {
        Test = [.. health.Test],
        Interval = TimeSpan.FromSeconds(health.IntervalSeconds),
        Timeout = TimeSpan.FromSeconds(health.TimeoutSeconds),
        Retries = health.Retries,
        StartPeriod = TimeSpan.FromSeconds(health.StartPeriodSeconds),
    };

    private static Dictionary<ushort, ushort> PortsOf(IDictionary<string, IList<PortBinding>>? ports)
    {
        var found = new Dictionary<ushort, ushort>();
        foreach ((string key, var bindings) in ports ?? new Dictionary<string, IList<PortBinding>>(StringComparer.Ordinal))
        {
            // Docker's null for a port that is exposed and not published.
            string? host = bindings?.Select(static b => b.HostPort).FirstOrDefault();
            if (key.EndsWith("/tcp", StringComparison.Ordinal) && ushort.TryParse(key[..^4], CultureInfo.InvariantCulture, out ushort inside)
                && ushort.TryParse(host, CultureInfo.InvariantCulture, out ushort outside))
            {
                found[inside] = outside;
            }
        }

        return found;
    }

    // Docker's zero time is the year 1.
    private static DateTimeOffset? TimeOf(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && time.Year > 1 ? time : null;

    private static string PortKey(PortSpec port) => string.Create(CultureInfo.InvariantCulture, $"{port.Container}/tcp");
}
