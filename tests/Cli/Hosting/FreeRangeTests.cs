using System.Net;
using CsCheck;
using Dweb.Cli.Hosting;

namespace Dweb.Cli.Tests.Hosting;

public sealed class FreeRangeTests
{
    [Fact]
    public void Where_nothing_is_in_the_way_it_is_the_usual_one() => Assert.Equal("10.201.0.0/20", Found("192.168.1.0/24", "172.17.0.0/16", "10.200.255.0/24", "10.201.16.0/20"));

    [Theory]
    [InlineData("10.201.16.0/20", "10.201.0.0/28")]
    [InlineData("10.201.16.0/20", "10.201.15.255/32")]
    [InlineData("10.202.0.0/20", "10.201.0.0/16")]
    [InlineData("10.0.0.0/20", "10.128.0.0/9")]
    [InlineData("10.201.48.0/20", "10.201.32.0/20", "10.201.0.0/19")]
    public void What_a_network_has_an_address_of_is_passed_over(string expected, params string[] used) => Assert.Equal(expected, Found(used));

    [Fact]
    public void Where_all_is_taken_there_is_none() => Assert.Null(Found("10.0.0.0/8"));

    [Fact]
    public void What_is_found_overlaps_nothing_that_is_used_and_the_agent_takes_it() =>
        Gen.Select(Gen.UInt[0, (1u << 24) - 1], Gen.Int[9, 32]).Array[0, 40].Sample(drawn =>
        {
            List<IPNetwork> used = [.. drawn.Select(network => Network(10u << 24 | network.Item1, network.Item2))];
            return FreeRange.Find(used) is not { } found
                || (FreeRange.TryParse(found.ToString(), out _) && found.BaseAddress.ToString().StartsWith("10.", StringComparison.Ordinal) && used.TrueForAll(network => !FreeRange.Overlap(network, found)));
        });

    [Theory]
    [InlineData("10.201.0.0/16", true)]
    [InlineData("192.168.0.0/26", true)]
    [InlineData("10.201.0.1/20", false)]
    [InlineData("10.201.0.0/15", false)]
    [InlineData("10.201.0.0/27", false)]
    [InlineData("10.201.0.0", false)]
    [InlineData("fd00::/20", false)]
    public void What_people_type_is_a_range_that_the_agent_takes(string text, bool right) => Assert.Equal(right, FreeRange.TryParse(text, out _));

    [Fact]
    public void Routes_are_read_as_the_kernel_lists_them_and_a_default_is_none()
    {
        string[] table =
        [
            "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT                                                       ",
            "eth0\t00000000\t0100A8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0                                                                               ",
            "tun0\t00000000\t00000000\t0001\t0\t0\t0\t00000080\t0\t0\t0                                                                               ",
            "tun0\t0040C90A\t00000000\t0001\t0\t0\t0\t00F0FFFF\t0\t0\t0                                                                               ",
            "*\t0000000A\t00000000\t0200\t0\t0\t0\t000000FF\t0\t0\t0                                                                                  ",
        ];
        Assert.Equal(["10.201.64.0/20", "10.0.0.0/8"], HostNetworks.OfRoutes(table).Select(static network => network.ToString()));
    }

    [Fact]
    public void Every_machine_is_on_its_loopback() => Assert.Contains(IPNetwork.Parse("127.0.0.0/8"), HostNetworks.Look());

    private static string? Found(params string[] used) => FreeRange.Find([.. used.Select(static network => IPNetwork.Parse(network))])?.ToString();

    private static IPNetwork Network(uint address, int prefix)
    {
        byte[] bytes = new byte[4];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes, address & (uint.MaxValue << (32 - prefix)));
        return new IPNetwork(new IPAddress(bytes), prefix);
    }
}
