using System.Net;
using System.Net.Sockets;
using Dweb.Agent.Tests.Support;
using Dweb.Core.Manifest;

namespace Dweb.Agent.Tests.Runtimes.Conformance;

/// <summary>Ports that the host gives to containers.</summary>
public abstract class PortCases(RuntimeUnderTest engine) : RuntimeCases(engine)
{
    private const string Server = "httpd -f -p 8080 -h /www";
    private static readonly IPAddress Other = IPAddress.Parse("127.0.0.2");

    [Case]
    public async Task What_listens_inside_answers_on_the_host_s_port()
    {
        (_, string id) = await Engine.StartAsync(Engine.Shell(Server), Cancel);
        Assert.Equal("hello", await ReadAsync((await Engine.InspectAsync(id, Cancel)).Ports[8080]));
    }

    [Case]
    public async Task It_is_published_on_its_address_and_no_other()
    {
        (_, string id) = await Engine.StartAsync(Engine.Shell(Server), Cancel);
        int port = (await Engine.InspectAsync(id, Cancel)).Ports[8080];
        Assert.Equal("hello", await ReadAsync(port));
        using var client = new TcpClient();
        await Assert.ThrowsAnyAsync<SocketException>(() => client.ConnectAsync(Other, port, Cancel).AsTask());
    }

    [Case]
    public async Task Two_containers_have_two_ports()
    {
        (_, string one) = await Engine.StartAsync(Engine.Shell(Server), Cancel);
        (_, string two) = await Engine.StartAsync(Engine.Shell(Server), Cancel);
        int[] ports = [(await Engine.InspectAsync(one, Cancel)).Ports[8080], (await Engine.InspectAsync(two, Cancel)).Ports[8080]];
        Assert.NotEqual(ports[0], ports[1]);
        Assert.All(ports, static port => Assert.True(port > 0));
    }

    [Case]
    public async Task Each_of_several_is_told()
    {
        var plan = Engine.Shell("httpd -p 8081 -h /www; " + Server);
        plan = plan with { Spec = plan.Spec with { Ports = [new PortSpec(8080), new PortSpec(8081)] } };
        (_, string id) = await Engine.StartAsync(plan, Cancel);
        var ports = (await Engine.InspectAsync(id, Cancel)).Ports;
        Assert.Equal<ushort>([8080, 8081], ports.Keys.Order());
        Assert.Equal(["hello", "hello"], [await ReadAsync(ports[8080]), await ReadAsync(ports[8081])]);
    }

    [Case]
    public async Task One_without_ports_has_none()
    {
        var plan = Engine.Plan("sleep", "1000");
        (_, string id) = await Engine.StartAsync(plan with { Spec = plan.Spec with { Ports = [] } }, Cancel);
        Assert.Empty((await Engine.InspectAsync(id, Cancel)).Ports);
    }

    [Case]
    public async Task After_another_start_the_port_that_is_told_answers()
    {
        (_, string id) = await Engine.StartAsync(Engine.Shell(Server), Cancel);
        await Runtime.StopAsync(id, Cancel);
        await Runtime.StartAsync(id, Cancel);
        Assert.Equal("hello", await ReadAsync((await Engine.InspectAsync(id, Cancel)).Ports[8080]));
    }

    [Case]
    public async Task After_removal_the_port_is_the_host_s_again()
    {
        (_, string id) = await Engine.StartAsync(Engine.Shell(Server), Cancel);
        int port = (await Engine.InspectAsync(id, Cancel)).Ports[8080];
        await Runtime.RemoveAsync(id, Cancel);
        using var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, Cancel);
        using var accepted = await listener.AcceptTcpClientAsync(Cancel);
        Assert.True(accepted.Connected);
    }

    // The engine may take connections before anything listens inside, and drop those.
    private async Task<string> ReadAsync(int port)
    {
        using var http = new HttpClient();
        while (true)
        {
            try
            {
                return await http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/"), Cancel);
            }
            catch (HttpRequestException failure) when (failure.StatusCode is null)
            {
                await Task.Delay(30, Cancel);
            }
        }
    }
}
