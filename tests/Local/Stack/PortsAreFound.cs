using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Dweb.Local.Stack;

namespace Dweb.Local.Tests.Stack;

public sealed class PortsAreFound
{
    [Fact]
    public void All_are_different_and_none_is_in_use()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var ports = FreePorts.Find(50);
        Assert.Distinct(ports);
        Assert.DoesNotContain(((IPEndPoint)taken.LocalEndpoint).Port, ports);
    }

    [Fact]
    public void A_server_may_listen_on_what_was_found()
    {
        using var server = new TcpListener(IPAddress.Loopback, FreePorts.One());
        server.Start();
        using var client = new TcpClient();
        client.Connect((IPEndPoint)server.LocalEndpoint);
    }

    [Fact]
    public void What_was_found_rests_so_that_the_kernel_gives_it_to_nobody_else()
    {
        var port = FreePorts.One();
        Assert.Contains(
            IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpConnections(), c => c.LocalEndPoint.Port == port && c.State == TcpState.TimeWait);
    }
}
