using System.Net;
using Dweb.Agent.Isolation;
using Dweb.Agent.Tests.Support;

namespace Dweb.Agent.Tests.Isolation;

public sealed class NameServersTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void They_are_those_that_a_container_can_reach()
    {
        string[] lines = ["# nameserver 9.9.9.9", "search example", "nameserver 127.0.0.53", "nameserver\t10.0.0.2", " nameserver 1.1.1.1 ", "nameserver fe80::1", "nameserver 10.0.0.2", "nameserver"];
        Assert.Equal([IPAddress.Parse("10.0.0.2"), IPAddress.Parse("1.1.1.1")], NameServers.Parse(lines));
    }

    [Fact]
    public void Behind_the_stub_of_systemd_they_are_those_that_it_asks() =>
        Assert.Equal([IPAddress.Parse("10.0.0.2"), IPAddress.Parse("10.0.0.3")], Of("nameserver 127.0.0.53\noptions edns0\n", "nameserver 10.0.0.2\nnameserver 10.0.0.3\n"));

    [Fact]
    public void One_that_is_named_beside_the_stub_stays() =>
        Assert.Equal([IPAddress.Parse("1.1.1.1"), IPAddress.Parse("10.0.0.2")], Of("nameserver 127.0.0.53\nnameserver 1.1.1.1\n", "nameserver 10.0.0.2\nnameserver 1.1.1.1\n"));

    [Fact]
    public void Without_the_stub_what_systemd_would_ask_is_nobody_s_server() =>
        Assert.Equal([IPAddress.Parse("1.1.1.1")], Of("nameserver 1.1.1.1\n", "nameserver 10.0.0.2\n"));

    [Fact]
    public void Another_server_of_the_host_itself_is_reached_by_no_container() => Assert.Empty(Of("nameserver 127.0.0.1\n", "nameserver 10.0.0.2\n"));

    [Fact]
    public void Where_no_file_is_there_is_no_server()
    {
        Assert.Empty(NameServers.OfThisHost(folder.File("none"), folder.File("none either")));
        File.WriteAllText(folder.File("stub"), "nameserver 127.0.0.53\n");
        Assert.Empty(NameServers.OfThisHost(folder.File("stub"), folder.File("none")));
    }

    private IReadOnlyList<IPAddress> Of(string resolv, string upstream)
    {
        File.WriteAllText(folder.File("resolv.conf"), resolv);
        File.WriteAllText(folder.File("upstream.conf"), upstream);
        return NameServers.OfThisHost(folder.File("resolv.conf"), folder.File("upstream.conf"));
    }
}
