using System.Net;
using System.Net.Sockets;
using Dweb.Agent.ControlPlane;
using Dweb.Agent.Tests.Support;
using Dweb.Chain.Signing;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dweb.Agent.Tests.ControlPlane;

/// <summary>Heartbeats to scheduler members: each is told by itself, and none can keep the others from being told.</summary>
public sealed class SchedulerMembersTests
{
    private readonly PrivateKey key = PrivateKey.Create();
    private readonly CancellationToken cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_member_is_told_by_a_request_that_names_it_and_is_signed_by_the_agents_key()
    {
        await using var first = await Support.ControlPlane.StartAsync(Given.Coe);
        await using var second = await Support.ControlPlane.StartAsync(Given.Coe);
        using var http = new HttpClient();
        var members = Of(http, first.Endpoint, second.Endpoint);
        await members.TellAsync(Heartbeat(1), cancel);
        foreach (var member in (Support.ControlPlane[])[first, second])
        {
            await UntilAsync(() => !member.Heartbeats.IsEmpty);
            Assert.Equal($"?to={member.Endpoint.Authority}", Assert.Single(member.Queries));
            Assert.Equal(key.Address, Assert.Single(member.Signers));
        }
    }

    [Fact]
    public async Task One_that_hangs_one_that_is_away_and_one_that_tells_the_agent_to_go_keep_no_other_from_being_told()
    {
        using var hanging = new TcpListener(IPAddress.Loopback, 0);
        hanging.Start();
        using var away = new TcpListener(IPAddress.Loopback, 0);
        away.Start();
        var nobody = AddressOf(away);
        away.Stop();
        await using var refusing = await Support.ControlPlane.StartAsync(Given.Coe);
        refusing.Refuse = Catalogue.AgentSuperseded;
        await using var honest = await Support.ControlPlane.StartAsync(Given.Coe);
        using var http = new HttpClient();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var members = Of(http, AddressOf(hanging), nobody, refusing.Endpoint, honest.Endpoint);
        for (ulong sequence = 1; sequence <= 3; sequence++)
        {
            // One whose answer to the last heartbeat is still on its way is not told again.
            while (honest.Heartbeats.All(beat => beat.Sequence != sequence))
            {
                await members.TellAsync(Heartbeat(sequence), ending.Token);
                await Task.Delay(10, cancel);
            }
        }

        await ending.CancelAsync();
    }

    private SchedulerMembers Of(HttpClient http, params IReadOnlyList<Uri> addresses) => new(
        [.. addresses.Select(address => new SchedulerMember(
            address, new ControlPlaneClient(http, address, Given.Coe, key, new ClockOffset(TimeProvider.System)), new Pulse(null, TimeProvider.System)))],
        NullLogger<SchedulerMembers>.Instance);

    private static HeartbeatRequest Heartbeat(ulong sequence) => new("agent", 1, sequence, "test", []);

    private static Uri AddressOf(TcpListener listener) => new($"http://{(IPEndPoint)listener.LocalEndpoint}");

    private async Task UntilAsync(Func<bool> reached)
    {
        while (!reached())
        {
            await Task.Delay(10, cancel);
        }
    }
}
