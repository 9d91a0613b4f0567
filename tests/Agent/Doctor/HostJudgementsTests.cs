using Dweb.Agent.Doctor;
using Dweb.Agent.Metering;
using Dweb.Agent.Runtimes;
using Dweb.Core.Doctor;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Core.Resources;

namespace Dweb.Agent.Tests.Doctor;

public sealed class HostJudgementsTests
{
    private static readonly CgroupMounts None = new(null, new Dictionary<string, CgroupMount>());
    private static readonly CgroupMount Mount = new("/", "/sys/fs/cgroup");
    private static readonly HostMachine Machine = new(4_000, 8_000, 1_000, None);
    private static readonly Uri Plane = new("http://plane.example/");
    private static readonly EvmAddress Book = EvmAddress.Parse("0x00000000000000000000000000000000000000b0");

    [Fact]
    public void What_is_well_needs_no_mend() => Assert.All(
        [
            HostJudgements.Secret("keystore", "/k", UnixFileMode.UserRead),
            HostJudgements.Folder("/d", isHeld: true),
            HostJudgements.Metering(None with { Unified = Mount }),
            HostJudgements.Metering(None with { Controllers = new Dictionary<string, CgroupMount> { ["cpuacct"] = Mount, ["memory"] = Mount } }),
            HostJudgements.Engine("Docker 20.10", Plane, RuntimeCapability.None),
            HostJudgements.Engine("Podman 4.3", Plane, RuntimeCapability.PullProgress),
            HostJudgements.Nodes(2, 2),
            HostJudgements.Standing("north", CoeStatus.Active, acceptsBook: true, osRevoked: false),
            HostJudgements.Stake(10, 9),
            HostJudgements.Capacity(new ResourceVector(4_000, 8_000, 1_500, 1, 1), stored: 500, Machine),
            HostJudgements.Plane(Plane, Health(), 31337, Book),
            HostJudgements.Heard(Plane, isLive: true),
        ],
        static finding => Assert.Equal((FindingState.Ok, null), (finding.State, finding.Mend)));

    [Fact]
    public void What_works_and_will_be_missed_is_a_warning_with_its_mend() => Assert.All(
        [
            HostJudgements.Folder("/d", isHeld: false),
            HostJudgements.Folder("/d", isHeld: null),
            HostJudgements.Nodes(1, 1),
            HostJudgements.Nodes(1, 2),
            HostJudgements.Standing("north", CoeStatus.Draining, acceptsBook: true, osRevoked: false),
            HostJudgements.Stake(9, 9),
            HostJudgements.Plane(Plane, Health() with { Status = "degraded" }, 31337, Book),
            HostJudgements.Heard(Plane, isLive: false),
        ],
        static finding => Assert.True(finding is { State: FindingState.Warning, Mend.Length: > 0 }, finding.ToString()));

    [Fact]
    public void What_is_wrong_says_so_with_its_mend() => Assert.All(
        [
            HostJudgements.Secret("keystore", "/k", UnixFileMode.UserRead | UnixFileMode.GroupRead),
            HostJudgements.Metering(None),
            HostJudgements.Metering(None with { Controllers = new Dictionary<string, CgroupMount> { ["memory"] = Mount } }),
            HostJudgements.Nodes(0, 2),
            HostJudgements.Standing("north", CoeStatus.Suspended, acceptsBook: true, osRevoked: false),
            HostJudgements.Standing("north", CoeStatus.Active, acceptsBook: false, osRevoked: false),
            HostJudgements.Standing("north", CoeStatus.Active, acceptsBook: true, osRevoked: true),
            HostJudgements.Capacity(new ResourceVector(4_001, 1, 1, 1, 1), 0, Machine),
            HostJudgements.Capacity(new ResourceVector(1, 8_001, 1, 1, 1), 0, Machine),
            HostJudgements.Capacity(new ResourceVector(1, 1, 1_001, 1, 1), 0, Machine),
            HostJudgements.Plane(Plane, Health() with { ChainId = 1 }, 31337, Book),
            HostJudgements.Plane(Plane, Health() with { LeaseBook = EvmAddress.Zero }, 31337, Book),
        ],
        static finding => Assert.True(finding is { State: FindingState.Wrong, Mend.Length: > 0 }, finding.ToString()));

    [Fact]
    public void An_engine_is_named_with_what_it_lacks()
    {
        Assert.Equal("Docker 20.10 at http://plane.example/", HostJudgements.Engine("Docker 20.10", Plane, RuntimeCapability.None).Detail);
        Assert.EndsWith("it lacks volumes, pull-progress", HostJudgements.Engine("X 1", Plane, RuntimeCapability.PullProgress | RuntimeCapability.Volumes).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_is_read_in_mebibytes() => Assert.Equal(23_990UL, HostMachine.MemoryOf(["MemTotal:       24565916 kB", "MemFree:        1 kB"]));

    private static HealthView Health() => new("ok", "1.0.0", 31337, 1, 1, 1, [], Book);
}
