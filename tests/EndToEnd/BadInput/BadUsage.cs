using Dweb.Chain.Signing;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Messages;
using Dweb.EndToEnd.Tests.Stack;
using Dweb.Local.Stack;

namespace Dweb.EndToEnd.Tests.BadInput;

/// <summary>Usage that would take money without having been earned: refused by the chain's own codes, and nobody pays for it.</summary>
[Trait("Category", "EndToEnd")]
[Collection(RealStack.Collection)]
public sealed class BadUsage(RealStack stack)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Usage_that_is_forged_replayed_or_falling_costs_nobody_anything()
    {
        await stack.ComeToRestAsync(Stop);
        await using var coe = await HandHeldCoe.FoundAsync(stack, Stop);
        var lease = await OpenAsync(coe);
        var (asOf, entry) = await SettledAsync(coe, lease);
        var before = await Snapshot.TakeAsync(stack, Stop);

        var stranger = PrivateKey.Create();
        await RefusedAsync(coe, "BadSignature", "signature", coe.Usage(asOf, entry with { Seconds = entry.Seconds + 1 }, stranger));
        await RefusedAsync(coe, "CounterFell", "entries[0]", coe.Usage(asOf, entry with { Seconds = entry.Seconds - 1 }));
        await RefusedAsync(coe, "CounterFell", "entries[0]", coe.Usage(asOf, entry with { Sent = entry.Sent - 1 }));
        await RefusedAsync(coe, "FromTheFuture", "asOf", coe.Usage(asOf + 3_600, entry));
        await RefusedAsync(coe, "UnknownLease", "entries[0]", coe.Usage(asOf, entry with { Handle = new LeaseHandle(1) }));
        var unsigned = await stack.Api.RefusedAsync(Api.Signed(coe.Path("usage"), coe.Usage(asOf, entry with { Seconds = entry.Seconds + 1 }), stranger), Stop);
        Assert.Equal("unauthorised", unsigned.Code);

        // A replay is no error: counters are cumulative, so it says nothing new.
        using (var replayed = await coe.SendAsync("usage", coe.Usage(asOf, entry), Stop))
        {
            Assert.True(replayed.IsSuccessStatusCode, await replayed.Content.ReadAsStringAsync(Stop));
        }

        await SettlementsPassAsync();
        await before.AssertUnchangedAsync(stack, "bad usage", Stop);
    }

    [Fact]
    public async Task The_chain_itself_passes_over_forged_and_falling_usage_whoever_sends_it()
    {
        await stack.ComeToRestAsync(Stop);
        await using var coe = await HandHeldCoe.FoundAsync(stack, Stop);
        var lease = await OpenAsync(coe);
        var (asOf, entry) = await SettledAsync(coe, lease);
        var anyone = stack.Chain.KeyOf(Role.Treasury);
        var fenced = await stack.Chain.Book.FencedOfAsync(lease, cancellationToken: Stop);
        (UsageCode Code, UsageEntry Entry, PrivateKey Key)[] bad =
        [
            (UsageCode.BadSignature, entry with { Seconds = entry.Seconds + 1 }, PrivateKey.Create()),
            (UsageCode.CounterFell, entry with { Seconds = entry.Seconds - 1 }, coe.Key),
            (UsageCode.Accepted, entry, coe.Key),
        ];

        foreach (var (code, spoilt, key) in bad)
        {
            var batch = new UsageBatch(coe.Id, asOf, [spoilt]);
            var signature = key.SignDigest(stack.Chain.BookDomain.Digest(batch.StructHash()));
            var receipt = await stack.Chain.SendAsync(anyone, stack.Chain.Book.Settle([new(batch.Coe, batch.AsOf, batch.PackEntries(), signature.ToArray())], EvmAddress.Zero), Stop);
            Chain.Contracts.LeaseBook.Events.UsageSettled? settled = null;
            Assert.Contains(receipt.Logs, log => Chain.Contracts.LeaseBook.Events.UsageSettled.TryDecode(log, out settled));
            Assert.Equal((code, 0, 0, 0), ((UsageCode)settled!.Codes.Single(), settled.Host, settled.Royalty, settled.Fee));
        }

        Assert.Equal(fenced, await stack.Chain.Book.FencedOfAsync(lease, cancellationToken: Stop));
    }

    private async Task<Hash32> OpenAsync(HandHeldCoe coe)
    {
        string file = Compose.Write(stack, "usage.yaml", Compose.Single("demo/web", HandHeldCoe.Region));
        string name = "usage-" + coe.Key.Address;
        string order = (await stack.CliAsync(Role.User, Stop, "deploy", file, "--name", name)).Json().GetProperty("orderHash").GetString()!;
        var lease = await Leases.OnlyOneAsync(stack, order, Stop);
        await coe.ReportRunningAsync(lease, Stop);
        return lease;
    }

    /// <summary>Reports what was really used, and returns once the chain has paid for it.</summary>
    private async Task<(ulong AsOf, UsageEntry Entry)> SettledAsync(HandHeldCoe coe, Hash32 lease)
    {
        const uint Seconds = 2;
        ulong origin = (await stack.Chain.OpeningsAsync(Stop)).Single(o => o.LeaseId == lease).Origin;
        await Deadline.UntilAsync("the lease is old enough", async stop => (await stack.Chain.Client.GetHeadAsync(stop)).Timestamp >= origin + Seconds, Stop);
        ulong asOf = (await stack.Chain.Client.GetHeadAsync(Stop)).Timestamp;
        var entry = new UsageEntry(LeaseHandle.Of(lease), Seconds, 500, 128, 0, 1, 1);
        using (var taken = await coe.SendAsync("usage", coe.Usage(asOf, entry), Stop))
        {
            Assert.True(taken.IsSuccessStatusCode, await taken.Content.ReadAsStringAsync(Stop));
        }

        await Deadline.UntilAsync(
            "the usage is settled", async stop => (await stack.Chain.Book.SettledOfAsync(lease, cancellationToken: stop)).SecondsRun == Seconds, Stop);
        return (asOf, entry);
    }

    private async Task RefusedAsync(HandHeldCoe coe, string code, string field, string usage)
    {
        var problem = await stack.Api.RefusedAsync(Api.Signed(coe.Path("usage"), usage, coe.Key), Stop);
        Assert.Equal(("usage-rejected", field), (problem.Code, problem.Field));
        Assert.StartsWith(code + ":", problem.Detail, StringComparison.Ordinal);
    }

    /// <summary>Until the timer of the settlements has come round, by the chain's clock.</summary>
    private async Task SettlementsPassAsync()
    {
        const ulong TwoEpochs = 6;
        ulong now = (await stack.Chain.Client.GetHeadAsync(Stop)).Timestamp;
        await Deadline.UntilAsync("two settlement epochs are over", async stop => (await stack.Chain.Client.GetHeadAsync(stop)).Timestamp > now + TwoEpochs, Stop);
    }
}
