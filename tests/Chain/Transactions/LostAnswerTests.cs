using Dweb.Chain.Rpc;
using Dweb.Chain.Tests.Rpc;
using Dweb.Chain.Transactions;

namespace Dweb.Chain.Tests.Transactions;

/// <summary>What happens between us and a real node must not run a transaction twice, nor lose one silently.</summary>
public sealed class LostAnswerTests(Anvil anvil)
{
    private readonly CancellationToken cancel = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(nameof(WireFault.AnswerLost))]
    [InlineData(nameof(WireFault.RequestLost))]
    [InlineData(nameof(WireFault.MethodUnknown))]
    public async Task A_transaction_whose_wire_fails_runs_once_and_so_does_the_next(string fault)
    {
        var probe = await ProbeContract.DeployAsync(anvil, cancel);
        using var http = new HttpClient(new UnreliableWire("eth_sendRawTransactionSync", Enum.Parse<WireFault>(fault), times: 1));
        using var sender = new TransactionSender(new ChainClient(new JsonRpcClient(http, anvil.Endpoint)), await anvil.TakeKeyAsync(cancel));

        await sender.SendAsync(probe.Add(1), 300_000, cancel);
        await sender.SendAsync(probe.Add(10), 300_000, cancel);

        Assert.Equal(11, await probe.TotalAsync(cancellationToken: cancel));
        Assert.Equal(2UL, await anvil.Client().GetTransactionCountAsync(sender.Address, BlockTag.Latest, cancel));
    }

    [Fact]
    public async Task A_node_without_the_sync_call_is_asked_for_it_once()
    {
        var probe = await ProbeContract.DeployAsync(anvil, cancel);
        using var wire = new UnreliableWire("eth_sendRawTransactionSync", WireFault.MethodUnknown, int.MaxValue);
        using var http = new HttpClient(wire);
        using var sender = new TransactionSender(new ChainClient(new JsonRpcClient(http, anvil.Endpoint)), await anvil.TakeKeyAsync(cancel));

        await sender.SendAsync(probe.Add(1), 300_000, cancel);
        await sender.SendAsync(probe.Add(10), 300_000, cancel);

        Assert.Equal(1, wire.Seen);
        Assert.Equal(11, await probe.TotalAsync(cancellationToken: cancel));
    }

    [Fact]
    public async Task A_node_that_is_gone_while_a_transaction_is_sent_leaves_its_hash_with_the_caller()
    {
        var probe = await ProbeContract.DeployAsync(anvil, cancel);
        using var sync = new UnreliableWire("eth_sendRawTransactionSync", WireFault.RequestLost, int.MaxValue);
        using var plain = new UnreliableWire("eth_sendRawTransaction", WireFault.RequestLost, int.MaxValue) { InnerHandler = sync };
        using var http = new HttpClient(plain);
        using var sender = new TransactionSender(new ChainClient(new JsonRpcClient(http, anvil.Endpoint)), await anvil.TakeKeyAsync(cancel));

        var lost = await Assert.ThrowsAsync<TransactionNotConfirmedException>(() => sender.SendAsync(probe.Add(1), 300_000, cancel));

        Assert.False(await anvil.Client().KnowsTransactionAsync(lost.TransactionHash, cancel));
        Assert.Equal(0, await probe.TotalAsync(cancellationToken: cancel));
    }
}
