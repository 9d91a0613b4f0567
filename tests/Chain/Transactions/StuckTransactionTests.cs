using System.Collections.Concurrent;
using System.Numerics;
using System.Text.Json.Nodes;
using Dweb.Chain.Rpc;
using Dweb.Chain.Signing;
using Dweb.Chain.Tests.Bindings;
using Dweb.Chain.Tests.Rpc;
using Dweb.Chain.Transactions;

namespace Dweb.Chain.Tests.Transactions;

/// <summary>Against a real node that makes a block only when it is told to.</summary>
public sealed class StuckTransactionTests : IAsyncLifetime
{
    private const ulong PlentyOfGas = 300_000;
    private static readonly BigInteger Gwei = 1_000_000_000;

    private readonly CancellationToken cancel = TestContext.Current.CancellationToken;
    private readonly Anvil anvil = new() { Mining = [] };
    private readonly ConcurrentQueue<FeeBump> bumps = new();
    private Probe probe = null!;

    public async ValueTask InitializeAsync()
    {
        await anvil.InitializeAsync();
        probe = await ProbeContract.DeployAsync(anvil, cancel);
        await RpcAsync("evm_setAutomine", false);
    }

    public ValueTask DisposeAsync() => anvil.DisposeAsync();

    [Fact]
    public async Task One_that_is_not_mined_is_replaced_by_one_that_pays_an_eighth_more_and_runs_once()
    {
        using var sender = await SenderAsync();
        var sending = sender.SendAsync(probe.Add(5), PlentyOfGas, cancel);
        await BumpsAsync(2);
        var receipt = await MineUntilAsync(sending);

        var told = bumps.ToArray();
        Assert.Contains(receipt.TransactionHash, told.Select(static b => b.By!.Value));
        Assert.All(told.Zip(told.Skip(1)), static pair =>
        {
            Assert.Equal((pair.First.By, pair.First.Nonce), (pair.Second.Stuck, pair.Second.Nonce));
            Assert.True(8 * pair.Second.MaxFeePerGas >= 9 * pair.First.MaxFeePerGas);
            Assert.True(8 * pair.Second.MaxPriorityFeePerGas >= 9 * pair.First.MaxPriorityFeePerGas);
        });
        await AssertRanAsync(sender, total: 5, transactions: 1);
    }

    [Fact]
    public async Task One_that_a_risen_base_fee_left_behind_gets_through_at_the_new_price()
    {
        using var sender = await SenderAsync();
        var sending = sender.SendAsync(probe.Add(5), PlentyOfGas, cancel);
        await PendingAsync(sender);
        await RaiseBaseFeeAsync();
        var receipt = await MineUntilAsync(sending);

        Assert.True(receipt.EffectiveGasPrice > 100 * Gwei);
        Assert.NotEmpty(bumps);
        await AssertRanAsync(sender, total: 5, transactions: 1);
    }

    [Fact]
    public async Task One_at_the_bound_of_its_fees_is_waited_for_as_it_is()
    {
        using var sender = await SenderAsync(new SenderOptions { MaxFeePerGas = 3 * Gwei, MaxPriorityFeePerGas = Gwei });
        var sending = sender.SendAsync(probe.Add(5), PlentyOfGas, cancel);
        while (!bumps.Any(static b => b.By is null))
        {
            await Task.Delay(20, cancel);
        }

        await MineUntilAsync(sending);
        Assert.All(bumps, static b => Assert.True(b.MaxFeePerGas <= 3 * Gwei));
        await AssertRanAsync(sender, total: 5, transactions: 1);
    }

    [Fact]
    public async Task Several_behind_a_stuck_one_keep_their_order_and_run_once_each()
    {
        using var sender = await SenderAsync();
        var first = sender.SendAsync(probe.Add(1), PlentyOfGas, cancel);
        await PendingAsync(sender);
        await RaiseBaseFeeAsync();
        var others = new[] { sender.SendAsync(probe.Add(10), PlentyOfGas, cancel), sender.SendAsync(probe.Add(100), PlentyOfGas, cancel) };

        await MineUntilAsync(Task.WhenAll([first, .. others]));
        await AssertRanAsync(sender, total: 111, transactions: 3);
    }

    [Fact]
    public async Task One_that_a_process_left_behind_makes_room_for_what_the_next_process_sends()
    {
        var key = await anvil.TakeKeyAsync(cancel);
        await LeaveBehindAsync(key);

        using var after = Heard(new TransactionSender(anvil.Client(), key, Impatient));
        await MineUntilAsync(after.SendAsync(probe.Add(10), PlentyOfGas, cancel));

        Assert.Contains(bumps, static b => b is { Stuck: null, By: not null, Nonce: 0 });
        await AssertRanAsync(after, total: 10, transactions: 2);
    }

    [Fact]
    public async Task One_that_was_left_behind_and_that_the_node_no_longer_counts_is_replaced_at_once()
    {
        var key = await anvil.TakeKeyAsync(cancel);
        await LeaveBehindAsync(key);
        await RaiseBaseFeeAsync();

        using var after = Heard(new TransactionSender(anvil.Client(), key, Impatient));
        await MineUntilAsync(after.SendAsync(probe.Add(10), PlentyOfGas, cancel));

        await AssertRanAsync(after, total: 10, transactions: 1);
    }

    private async Task LeaveBehindAsync(PrivateKey key)
    {
        using var stopped = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var before = new TransactionSender(anvil.Client(), key, Impatient);
        var left = before.SendAsync(probe.Add(1), PlentyOfGas, stopped.Token);
        await PendingAsync(before);
        await stopped.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
    }

    private static SenderOptions Impatient => new()
    {
        SyncTimeout = TimeSpan.FromMilliseconds(100),
        PollInterval = TimeSpan.FromMilliseconds(20),
        CareInterval = TimeSpan.FromMilliseconds(70),
        BumpAfter = TimeSpan.FromMilliseconds(300),
        ConfirmationTimeout = TimeSpan.FromMinutes(3),
    };

    private async Task<TransactionSender> SenderAsync(SenderOptions? fees = null) => Heard(await ProbeContract.SenderAsync(
        anvil, cancel, Impatient with { MaxFeePerGas = fees?.MaxFeePerGas, MaxPriorityFeePerGas = fees?.MaxPriorityFeePerGas }));

    private TransactionSender Heard(TransactionSender sender)
    {
        sender.Bumped += (_, told) => bumps.Enqueue(told.Bump);
        return sender;
    }

    private async Task BumpsAsync(int count)
    {
        while (bumps.Count < count)
        {
            await Task.Delay(20, cancel);
        }
    }

    private async Task PendingAsync(TransactionSender sender)
    {
        while (await anvil.Client().GetTransactionCountAsync(sender.Address, BlockTag.Pending, cancel) == 0)
        {
            await Task.Delay(20, cancel);
        }
    }

    /// <summary>A block of such a base fee that what waits is not in it.</summary>
    private async Task RaiseBaseFeeAsync()
    {
        await RpcAsync("anvil_setNextBlockBaseFeePerGas", Quantity.Format(1_000 * Gwei));
        await RpcAsync("evm_mine");
        Assert.Equal(0, await probe.TotalAsync(cancellationToken: cancel));
        bumps.Clear();
    }

    /// <summary>Once the new price is known: it falls with every empty block.</summary>
    private async Task<T> MineUntilAsync<T>(Task<T> sending)
    {
        await BumpsAsync(1);
        while (!sending.IsCompleted)
        {
            await Task.WhenAny(sending, Task.Delay(200, cancel));
            await RpcAsync("evm_mine");
        }

        return await sending;
    }

    private async Task AssertRanAsync(TransactionSender sender, int total, ulong transactions)
    {
        Assert.Equal(total, await probe.TotalAsync(cancellationToken: cancel));
        Assert.Equal(transactions, await anvil.Client().GetTransactionCountAsync(sender.Address, BlockTag.Latest, cancel));
    }

    private async Task RpcAsync(string method, params IReadOnlyList<JsonNode?> parameters) => await anvil.Client().Rpc.SendAsync(new RpcRequest(method, parameters), cancel);
}
