using System.Diagnostics;
using System.Security.Cryptography;
using Dweb.Agent.Machine;
using Dweb.Agent.Runtimes;
using Dweb.Agent.Runtimes.Podman;
using Dweb.Agent.Tests.Runtimes;
using Dweb.Agent.Tests.Support;

[assembly: AssemblyFixture(typeof(PodmanService))]

namespace Dweb.Agent.Tests.Runtimes;

/// <summary>A Podman of the tests' own, with its own data and nothing of the machine's. It is started by the first test that needs it.</summary>
public sealed class PodmanService : IAsyncLifetime
{
    // What works also where there is no systemd, control groups are of version 1 and limits cannot be raised.
    private const string Configuration = """
        [containers]
        default_ulimits = ["nofile=20000:20000", "nproc=30000:30000"]
        [engine]
        runtime = "runc"
        cgroup_manager = "cgroupfs"
        events_logger = "file"
        lock_type = "file"
        [network]
        network_backend = "netavark"
        """;

    private readonly SemaphoreSlim gate = new(1);
    private readonly string folder = Path.Combine("/run", "dweb-test-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(5)));
    private readonly string data = Path.Combine(Path.GetTempPath(), "dweb-podman-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(5)));
    private RunningProgram? program;

    private Uri Address => new($"unix://{folder}/podman.sock");

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        gate.Dispose();
        if (program is null)
        {
            return;
        }

        await program.DisposeAsync();
        foreach (string used in (string[])[folder, data])
        {
            // It mounts its own data, the last first to be taken away.
            foreach (string point in File.ReadLines("/proc/self/mountinfo").Select(static line => KernelText.Unescape(line.Split(' ')[4])).Where(point => point.StartsWith(used, StringComparison.Ordinal)).Reverse().ToList())
            {
                await HostTool.RunAsync("umount", [point], null, CancellationToken.None);
            }

            Directory.Delete(used, recursive: true);
        }
    }

    /// <returns>Where it listens.</returns>
    internal async Task<Uri> StartAsync()
    {
        await gate.WaitAsync();
        try
        {
            program ??= await LaunchAsync();
            return Address;
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task<RunningProgram> LaunchAsync()
    {
        Directory.CreateDirectory(folder);
        Directory.CreateDirectory(data);
        string configuration = Path.Combine(folder, "containers.conf");
        await File.WriteAllTextAsync(configuration, Configuration);
        var start = new ProcessStartInfo(
            "podman",
            [
                "--root", Path.Combine(data, "storage"), "--runroot", Path.Combine(folder, "run"), "--tmpdir", Path.Combine(folder, "tmp"),
                "--network-config-dir", Path.Combine(data, "networks"), "--storage-driver", "overlay", "system", "service", "--time=0", Address.ToString(),
            ]);
        start.Environment["CONTAINERS_CONF"] = configuration;
        var launched = RunningProgram.Start(start);
        using var runtime = new PodmanRuntime(Address);
        await launched.UntilAsync(async () =>
        {
            try
            {
                await runtime.DescribeAsync(CancellationToken.None);
                return true;
            }
            catch (RuntimeException failure) when (failure.Fault == RuntimeFault.Unreachable)
            {
                return false;
            }
        });
        return launched;
    }
}

/// <summary>Podman as Debian has it.</summary>
public sealed class PodmanUnderTest(PodmanService service) : DockerApiUnderTest
{
    /// <summary>Of its cases an ordinary run takes one of so many.</summary>
    public const int OneOf = 4;

    internal override RuntimeCapability Documented => RuntimeCapability.RestartsWithMachine | RuntimeCapability.ImageHealthChecks | RuntimeCapability.PullProgress
        | (Directory.Exists("/sys/fs/cgroup/memory") ? RuntimeCapability.OutOfMemory : RuntimeCapability.None);

    internal override string Name => "Podman";

    internal override IContainerRuntime Open(Uri engine) => new PodmanRuntime(engine);

    protected override Task<Uri> StartEngineAsync() => service.StartAsync();
}
