using System.Text.Json;
using Dweb.Chain.Signing;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Local.Stack;

namespace Dweb.EndToEnd.Tests.Stack;

/// <summary>
/// A COE of a region of its own whose agent is the test: it is heard, it says that its leases run, and it signs what the test wants. No
/// container is made and nothing is used unless the test says so, so a lease of it stands still.
/// </summary>
internal sealed class HandHeldCoe : IAsyncDisposable
{
    public const string Region = "us-east";
    private readonly RealStack _stack;
    private readonly string _name;
    private readonly string _agentId = Guid.NewGuid().ToString("N");
    private readonly CancellationTokenSource _over = new();
    private readonly IReadOnlyList<Api> _members;
    private readonly Task _beating;
    private volatile bool _isHeardByAll;
    private ulong _sequence;

    private HandHeldCoe(RealStack stack, Hash32 coe, string name, PrivateKey key)
    {
        (_stack, Id, _name, Key) = (stack, coe, name, key);
        _members = [.. stack.Local.Addresses.MemberEndpoints.Select(static member => new Api(new Uri(member)))];
        _beating = BeatAsync();
    }

    public Hash32 Id { get; }

    public PrivateKey Key { get; }

    public string Path(string what) => $"/api/coes/{Id}/{what}";

    /// <summary>Registers it, and returns once the control plane and the scheduler members count it among the living.</summary>
    public static async Task<HandHeldCoe> FoundAsync(RealStack stack, CancellationToken cancellationToken)
    {
        var key = PrivateKey.Create();
        string name = "hand-" + key.Address.ToString()[2..8].ToLowerInvariant();
        var host = Host(stack);
        var registry = stack.Chain.DomainOf(stack.Chain.Addresses.CoeRegistry);
        var consent = key.SignDigest(registry.Digest(new AgentConsent(Ids.Coe(registry, stack.Chain.KeyOf(host.Wallet).Address, name)).StructHash()));
        string[] offer = [.. Offer.Registration(host with { Coe = name }, key.Address.ToString()).Select(static w => w == "eu-central" ? Region : w == "1000" ? "100" : w)];
        var registered = (await stack.CliAsync(host.Wallet, cancellationToken, [.. offer, "--consent", consent.ToString()])).Json();
        var coe = new HandHeldCoe(stack, Hash32.Parse(registered.GetProperty("coe").GetString()!), name, key);
        await Deadline.UntilAsync("the COE in the test's hands is live", async stop =>
        {
            using var answer = await stack.Api.SendAsync(Api.Get($"/api/coes/{coe.Id}", login: null), stop);
            return coe._isHeardByAll && answer.IsSuccessStatusCode && JsonSerializer.Deserialize(await answer.Content.ReadAsStringAsync(stop), DwebJson.Default.CoeView)!.Live;
        }, cancellationToken);
        return coe;
    }

    /// <summary>Says that a lease's container runs.</summary>
    public async Task ReportRunningAsync(Hash32 lease, CancellationToken cancellationToken)
    {
        var report = new ReportRequest(_agentId, 1, [new LeaseReport(lease, LeasePhase.Running, ["http://127.0.0.1:1"], null, null)]);
        using var answer = await SendAsync("reports", JsonSerializer.Serialize(report, DwebJson.Default.ReportRequest), cancellationToken);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(cancellationToken));
    }

    /// <summary>A batch of one entry, as an agent signs it.</summary>
    public string Usage(ulong asOf, UsageEntry entry, PrivateKey? signer = null)
    {
        var batch = new UsageBatch(Id, asOf, [entry]);
        var signature = (signer ?? Key).SignDigest(_stack.Chain.BookDomain.Digest(batch.StructHash()));
        return JsonSerializer.Serialize(new UsageSubmission(asOf, "0x" + Convert.ToHexStringLower(batch.PackEntries()), signature), DwebJson.Default.UsageSubmission);
    }

    public Task<HttpResponseMessage> SendAsync(string what, string json, CancellationToken cancellationToken) =>
        _stack.Api.SendAsync(Api.Signed(Path(what), json, Key), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _beating.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _over.Dispose();
        foreach (var member in _members)
        {
            member.Dispose();
        }

        // It counts as alive for a while yet, and would be given what the next test orders in this region.
        (await _stack.CliAsync(Host(_stack).Wallet, CancellationToken.None, "coe", "drain", _name)).Json();
    }

    private static HostRole Host(RealStack stack) => stack.Local.Hosts[0].Role;

    private async Task BeatAsync()
    {
        using var every = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        while (await every.WaitForNextTickAsync(_over.Token))
        {
            string beat = JsonSerializer.Serialize(new HeartbeatRequest(_agentId, 1, ++_sequence, "test", []), DwebJson.Default.HeartbeatRequest);
            bool[] heard = await Task.WhenAll(_members.Select(member => BeatAsync(member, beat)));
            using var answer = await SendAsync("heartbeat", beat, _over.Token);
            _isHeardByAll |= Array.TrueForAll(heard, static h => h) && answer.IsSuccessStatusCode;
        }
    }

    private async Task<bool> BeatAsync(Api member, string beat)
    {
        using var answer = await member.SendAsync(Api.Signed($"{Path("heartbeat")}?{RequestSigning.MemberParameter}={member.Authority}", beat, Key), _over.Token);
        return answer.IsSuccessStatusCode;
    }
}
