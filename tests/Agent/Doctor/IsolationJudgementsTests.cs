using System.Net;
using Dweb.Agent.Doctor;
using Dweb.Agent.Isolation;
using Dweb.Core.Doctor;
using Dweb.Core.Protocol;

namespace Dweb.Agent.Tests.Doctor;

public sealed class IsolationJudgementsTests
{
    private const ulong NetAdmin = 1 << 12;
    private const ulong SysAdmin = 1 << 21;

    private static readonly AddressRange Range = AddressRange.Default;

    [Fact]
    public void What_is_well_needs_no_mend() => Assert.All(
        [
            IsolationJudgements.Tools([]),
            IsolationJudgements.Rights(NetAdmin | SysAdmin),
            IsolationJudgements.Volumes(hasLoopDevices: true),
            IsolationJudgements.Range(Range, [("eth0", IPNetwork.Parse("192.168.1.0/24")), ("docker0", IPNetwork.Parse("10.202.0.0/16"))]),
        ],
        static finding => Assert.Equal((FindingState.Ok, null), (finding.State, finding.Mend)));

    [Fact]
    public void What_is_wrong_says_so_with_its_mend() => Assert.All(
        [
            IsolationJudgements.Tools(["nftables", "iproute2"]),
            IsolationJudgements.Rights(0),
            IsolationJudgements.Rights(SysAdmin),
            IsolationJudgements.Rights(NetAdmin),
            IsolationJudgements.Volumes(hasLoopDevices: false),
            IsolationJudgements.Range(Range, [("eth0", IPNetwork.Parse("10.0.0.0/8"))]),
            IsolationJudgements.Range(Range, [("eth0", IPNetwork.Parse("10.201.3.0/24"))]),
        ],
        static finding => Assert.True(finding is { State: FindingState.Wrong, Mend.Length: > 0 }, finding.ToString()));

    [Fact]
    public void Rights_are_read_as_the_kernel_writes_them() =>
        Assert.Equal(0x1ffUL, IsolationMeans.CapabilitiesOf(["Name:\tx", "CapPrm:\t0000000000000001", "CapEff:\t00000000000001ff"]));

    [Fact]
    public void Networks_of_a_machine_are_those_of_its_interfaces() =>
        Assert.Contains(IsolationMeans.Look(Hash32.Zero).Networks, static network => network.Network.Contains(IPAddress.Loopback));
}
