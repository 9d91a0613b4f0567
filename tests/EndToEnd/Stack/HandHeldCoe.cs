using System.Text.Json;
using Dweb.Chain.Signing;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Local.Stack;
using LeaseBook = Dweb.Chain.Contracts.LeaseBook;

namespace Dweb.EndToEnd.Tests.Stack;

/// <summary>
/// A COE of a region of its own whose agent is the test: it is heard, it says that its leases run, and it signs what the test wants. No
/// container is made and nothing is used unless the test says so, so a lease of it stands still.
/// </summary>
internal sealed class HandHeldCoe : IAsyncDisposable
{
    public const string Region = "us-east";

    // Also what it offers of everything that hosts of the stack offer a thousand of.
    private const string Stake = "100";
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

    /// <summary>What its host calls it.</summary>
    public string Name => _name;

    public string Path(string what) => $"/api/coes/{Id}/{what}";

    /// <summary>Registers it, and returns once the control plane and the scheduler members count it among the living.</summary>
    public static async Task<HandHeldCoe> FoundAsync(RealStack stack, CancellationToken cancellationToken)
    {
        var key = PrivateKey.Create();
        string name = "hand-" + key.Address.ToString()[2..8].ToLowerInvariant();
        var host = Host(stack);
        (await stack.CliAsync(host.Wallet, cancellationToken, "wallet", "fund", host.Wallet, Stake)).Json();
        var registry = stack.Chain.DomainOf(stack.Chain.Addresses.CoeRegistry);
        var consent = key.SignDigest(registry.Digest(new AgentConsent(Ids.Coe(registry, stack.Chain.KeyOf(host.Wallet).Address, name)).StructHash()));
        string[] offer = [.. Offer.Registration(host with { Coe = name }, key.Address.ToString()).Select(static w => w == "eu-central" ? Region : w == "1000" ? Stake : w)];
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
    public Task ReportRunningAsync(Hash32 lease, CancellationToken cancellationToken) => TakenAsync("reports", Report(lease, LeasePhase.Running), cancellationToken);

    /// <summary>What became of a lease, as this COE's agent says it.</summary>
    public string Report(Hash32 lease, LeasePhase phase, string? code = null) => JsonSerializer.Serialize(
        new ReportRequest(_agentId, 1, [new LeaseReport(lease, phase, ["http://127.0.0.1:1"], code, code)]), DwebJson.Default.ReportRequest);

    /// <summary>A batch as an agent signs it.</summary>
    public string Usage(ulong asOf, UsageEntry entry, PrivateKey? signer = null) => Usage(asOf, [entry], signer);

    public string Usage(ulong asOf, IReadOnlyList<UsageEntry> entries, PrivateKey? signer = null)
    {
        var batch = new UsageBatch(Id, asOf, entries);
        var signature = (signer ?? Key).SignDigest(_stack.Chain.BookDomain.Digest(batch.StructHash()));
        return JsonSerializer.Serialize(new UsageSubmission(asOf, "0x" + Convert.ToHexStringLower(batch.PackEntries()), signature), DwebJson.Default.UsageSubmission);
    }

    /// <summary>Sends a batch to the chain itself, past every control plane.</summary>
    /// <returns>What the chain says of it.</returns>
    public async Task<LeaseBook.Events.UsageSettled> SettleAsync(ulong asOf, IReadOnlyList<UsageEntry> entries, CancellationToken cancellationToken)
    {
        var batch = new UsageBatch(Id, asOf, entries);
        var signature = Key.SignDigest(_stack.Chain.BookDomain.Digest(batch.StructHash()));
        var call = _stack.Chain.Book.Settle([new(batch.Coe, batch.AsOf, batch.PackEntries(), signature.ToArray())], EvmAddress.Zero);
        var receipt = await _stack.Chain.SendAsync(_stack.Chain.KeyOf(Role.Treasury), call, cancellationToken);
        LeaseBook.Events.UsageSettled? settled = null;
        Assert.Contains(receipt.Logs, log => LeaseBook.Events.UsageSettled.TryDecode(log, out settled));
        return settled!;
    }

    /// <summary>What it is assigned.</summary>
    public Task<AssignmentsDocument> AssignmentsAsync(CancellationToken cancellationToken) =>
        _stack.Api.TakenAsync(Api.Signed(HttpMethod.Get, Path("assignments"), "", Key), DwebJson.Default.AssignmentsDocument, cancellationToken);

    /// <summary>Sends what has to be taken.</summary>
    public async Task TakenAsync(string what, string json, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(what, json, cancellationToken);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(cancellationToken));
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

    /// <summary>Of the host that such COEs belong to.</summary>
    public static string Wallet(RealStack stack) => Host(stack).Wallet;

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
