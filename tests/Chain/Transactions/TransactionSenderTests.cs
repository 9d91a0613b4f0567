using System.Numerics;
using Dweb.Chain.Abi;
using Dweb.Chain.Rpc;
using Dweb.Chain.Signing;
using Dweb.Chain.Tests.Bindings;
using Dweb.Chain.Tests.Rpc;
using Dweb.Chain.Transactions;

namespace Dweb.Chain.Tests.Transactions;

/// <summary>Against a real node.</summary>
public sealed class TransactionSenderTests(Anvil anvil)
{
    private const ulong PlentyOfGas = 300_000;

    private readonly CancellationToken cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Several_senders_in_parallel_send_every_transaction_exactly_once()
    {
        var probe = await ProbeContract.DeployAsync(anvil, cancel);
        var senders = new List<TransactionSender>();
        for (int i = 0; i < 4; i++)
        {
            senders.Add(await ProbeContract.SenderAsync(anvil, cancel));
        }

        using var pool = new SenderPool(senders);
        var receipts = await Task.WhenAll(Enumerable.Range(1, 40).Select(i => pool.SendAsync(probe.Add((ulong)i), PlentyOfGas, cancel)));

        Assert.Equal(820, await probe.TotalAsync(cancellationToken: cancel));
        Assert.Equal(40, receipts.Select(r => r.TransactionHash).Distinct().Count());
        var counts = await Task.WhenAll(senders.Select(s => anvil.Client().GetTransactionCountAsync(s.Address, BlockTag.Latest, cancel)));
        Assert.Equal(40, counts.Sum(c => (int)c));
        Assert.DoesNotContain(0UL, counts);
    }

    [Fact]
    public async Task A_gap_before_a_transaction_is_filled_and_the_transaction_runs_once()
    {
        var probe = await ProbeContract.DeployAsync(anvil, cancel);
        using var sender = await ProbeContract.SenderAsync(anvil, cancel, Impatient);
        await sender.SendAsync(probe.Add(1), PlentyOfGas, cancel);

        // The node forgets that the key ever sent: its next nonce is 0 again, the sender's is 1.
        await SetNonceAsync(sender, 0);
        await sender.SendAsync(probe.Add(10), PlentyOfGas, cancel);
        await sender.SendAsync(probe.Add(100), PlentyOfGas, cancel);

        Assert.Equal(111, await probe.TotalAsync(cancellationToken: cancel));
        Assert.Equal(3UL, await anvil.Client().GetTransactionCountAsync(sender.Address, BlockTag.Latest, cancel));
    }

    [Fact]
    public async Task A_nonce_that_somebody_else_used_is_read_again()
    {
        var probe = await ProbeContract.DeployAsync(anvil, cancel);
        using var sender = await ProbeContract.SenderAsync(anvil, cancel);
        await sender.SendAsync(probe.Add(1), PlentyOfGas, cancel);
        await SetNonceAsync(sender, 7);

        await sender.SendAsync(probe.Add(2), PlentyOfGas, cancel);

        Assert.Equal(3, await probe.TotalAsync(cancellationToken: cancel));
        Assert.Equal(8UL, await anvil.Client().GetTransactionCountAsync(sender.Address, BlockTag.Latest, cancel));
    }

    [Fact]
    public async Task A_refusal_at_the_estimate_is_typed_and_sends_nothing()
    {
        var probe = await ProbeContract.DeployAsync(anvil, cancel);
        using var sender = await ProbeContract.SenderAsync(anvil, cancel);

        var refused = await Assert.ThrowsAsync<TransactionRevertedException>(() => sender.SendAsync(probe.Add(1001), gasLimit: null, cancel));

        Assert.Equal(new ContractErrors.TooMuch(1001, 1000, sender.Address), refused.Error);
        Assert.Null(refused.Receipt);
        Assert.Equal(0UL, await anvil.Client().GetTransactionCountAsync(sender.Address, BlockTag.Latest, cancel));
    }

    [Fact]
    public async Task A_refusal_in_the_block_is_typed_and_the_sender_goes_on()
    {
        var probe = await ProbeContract.DeployAsync(anvil, cancel);
        using var sender = await ProbeContract.SenderAsync(anvil, cancel);

        var refused = await Assert.ThrowsAsync<TransactionRevertedException>(() => sender.SendAsync(probe.Add(1001), PlentyOfGas, cancel));
        await sender.SendAsync(probe.Add(5), PlentyOfGas, cancel);

        Assert.Equal(new ContractErrors.TooMuch(1001, 1000, sender.Address), refused.Error);
        Assert.False(refused.Receipt!.Succeeded);
        Assert.Equal(5, await probe.TotalAsync(cancellationToken: cancel));
    }

    [Fact]
    public async Task Errors_with_structs_texts_and_panics_are_decoded()
    {
        var probe = await ProbeContract.DeployAsync(anvil, cancel);
        using var sender = await ProbeContract.SenderAsync(anvil, cancel);
        var part = new Part(7, ulong.MaxValue, Dweb.Core.Protocol.Keccak256.Hash("id"), "label");

        var typed = await Assert.ThrowsAsync<CallRevertedException>(() => probe.RefuseAsync(part, cancellationToken: cancel));
        Assert.Equal(new ContractErrors.Refused(part, "because"), typed.Error);
        var text = await Assert.ThrowsAsync<CallRevertedException>(() => probe.FailAsync("plain words", cancellationToken: cancel));
        Assert.Equal(new RevertMessage("plain words"), text.Error);
        var panic = await Assert.ThrowsAsync<CallRevertedException>(() => probe.OverflowAsync(255, cancellationToken: cancel));
        Assert.Equal(new RevertPanic(0x11), panic.Error);
    }

    [Fact]
    public async Task A_sender_without_coin_is_refused_by_the_node_and_can_send_once_it_has_some()
    {
        var probe = await ProbeContract.DeployAsync(anvil, cancel);
        using var sender = new TransactionSender(anvil.Client(), PrivateKey.Create());
        await Assert.ThrowsAsync<RpcException>(() => sender.SendAsync(probe.Add(1), PlentyOfGas, cancel));

        await anvil.Client().Rpc.SendAsync(new RpcRequest("anvil_setBalance", sender.Address.ToString(), "0x56bc75e2d63100000"), cancel);
        await sender.SendAsync(probe.Add(1), PlentyOfGas, cancel);

        Assert.Equal(1, await probe.TotalAsync(cancellationToken: cancel));
    }

    [Fact]
    public async Task A_transaction_that_is_not_mined_in_time_is_reported_with_its_hash_and_may_still_be_mined()
    {
        var probe = await ProbeContract.DeployAsync(anvil, cancel);
        using var sender = await ProbeContract.SenderAsync(anvil, cancel, Impatient with { MaxGapToFill = 0, ConfirmationTimeout = TimeSpan.FromMilliseconds(200) });
        await sender.SendAsync(probe.Add(1), PlentyOfGas, cancel);
        await SetNonceAsync(sender, 0);

        var lost = await Assert.ThrowsAsync<TransactionNotConfirmedException>(() => sender.SendAsync(probe.Add(10), PlentyOfGas, cancel));

        Assert.True(await anvil.Client().KnowsTransactionAsync(lost.TransactionHash, cancel));
        Assert.Equal(1, await probe.TotalAsync(cancellationToken: cancel));

        // The next one takes the missing nonce, and with it the one given up on runs too: once.
        await sender.SendAsync(probe.Add(100), PlentyOfGas, cancel);
        while (await anvil.Client().GetReceiptAsync(lost.TransactionHash, cancel) is null)
        {
            await Task.Delay(20, cancel);
        }

        Assert.Equal(111, await probe.TotalAsync(cancellationToken: cancel));
    }

    [Fact]
    public async Task Events_calls_and_nested_values_pass_the_bindings_unchanged()
    {
        var probe = await ProbeContract.DeployAsync(anvil, cancel);
        using var sender = await ProbeContract.SenderAsync(anvil, cancel);
        var id = Dweb.Core.Protocol.Keccak256.Hash("id");
        var part = new Part(255, ulong.MaxValue, id, "größer");

        var receipt = await sender.SendAsync(probe.Note("a text", id, part), gasLimit: null, cancel);
        Assert.True(Probe.Events.Noted.TryDecode(receipt.Logs.Single(), out var noted));
        Assert.Equal(Dweb.Core.Protocol.Keccak256.Hash("a text"), noted.TopicText);
        Assert.Equal((id, "a text", part), (noted.Id, noted.Text, noted.Part));
        Assert.False(Probe.Events.Counted.TryDecode(receipt.Logs.Single(), out _));

        var added = await sender.SendAsync(probe.Add(3), gasLimit: null, cancel);
        Assert.True(Probe.Events.Counted.TryDecode(added.Logs.Single(), out var counted));
        Assert.Equal(new Probe.Events.Counted(sender.Address, 3, 3), counted);

        var whole = new Whole(sender.Address, [part, part], [BigInteger.One, (BigInteger.One << 128) - 1], [1, 2, 3], [9, 8, 7, 6], int.MinValue, true);
        var echo = await probe.EchoAsync(whole, [[1, 2], [], [ushort.MaxValue]], cancellationToken: cancel);
        Assert.Equal(whole.ToAbi(), echo.SameWhole.ToAbi());
        Assert.Equal(new ushort[][] { [1, 2], [], [ushort.MaxValue] }, echo.SameMatrix);
        Assert.Equal("grüße", await probe.GreetingAsync(cancellationToken: cancel));

        var filter = new LogFilter { From = BlockTag.Number(added.BlockNumber), Addresses = [probe.Address], Topics = [[Probe.Events.Counted.Topic]] };
        Assert.Equal(added.TransactionHash, Assert.Single(await anvil.Client().GetLogsAsync(filter, cancel)).TransactionHash);
        var byHash = new LogFilter { BlockHash = receipt.BlockHash, Topics = [null, null, [id]] };
        Assert.Equal(receipt.TransactionHash, Assert.Single(await anvil.Client().GetLogsAsync(byHash, cancel)).TransactionHash);
    }

    [Fact]
    public async Task A_view_can_be_read_at_an_older_block_by_number_or_hash()
    {
        var probe = await ProbeContract.DeployAsync(anvil, cancel);
        using var sender = await ProbeContract.SenderAsync(anvil, cancel);
        var first = await sender.SendAsync(probe.Add(1), PlentyOfGas, cancel);
        await sender.SendAsync(probe.Add(1), PlentyOfGas, cancel);

        Assert.Equal(1, await probe.TotalAsync(BlockTag.Number(first.BlockNumber), cancel));
        Assert.Equal(1, await probe.TotalAsync(BlockTag.Hash(first.BlockHash), cancel));
        Assert.Equal(2, await probe.TotalAsync(cancellationToken: cancel));
    }

    [Fact]
    public async Task A_contract_that_is_not_there_is_said_to_be_not_there()
    {
        var missing = new Probe(anvil.Client(), PrivateKey.Create().Address);
        var refused = await Assert.ThrowsAsync<AbiException>(() => missing.TotalAsync(cancellationToken: cancel));
        Assert.Contains("no such contract", refused.Message, StringComparison.Ordinal);
    }

    private static SenderOptions Impatient => new()
    {
        SyncTimeout = TimeSpan.FromMilliseconds(200),
        PollInterval = TimeSpan.FromMilliseconds(20),
        CareInterval = TimeSpan.FromMilliseconds(50),
    };

    private async Task SetNonceAsync(TransactionSender sender, int nonce) =>
        await anvil.Client().Rpc.SendAsync(new RpcRequest("anvil_setNonce", sender.Address.ToString(), Quantity.Format(nonce)), cancel);
}
