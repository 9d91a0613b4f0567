using System.Net;
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
}
