using Dweb.Chain.Rpc;
using Dweb.Core.Protocol;
using Dweb.Functions.Indexing;
using Dweb.Functions.Reconciling;
using Dweb.Functions.Tests.Stack;
using Market = Dweb.Functions.Indexing.Market;

namespace Dweb.Functions.Tests.Indexing;

/// <summary>Memory and rows while blocks are read, and when a write fails in the middle.</summary>
[Trait("Category", "Integration")]
public sealed class IndexRowsTests(IndexedChain index) : IClassFixture<IndexedChain>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task Rows_that_are_about_to_be_written_are_no_finding()
    {
        var (subject, _) = await index.CreateRepositoryAsync("about-to-be-written", Cancel);
        var held = index.Rows.HoldNext();
        var reading = index.Indexer.CatchUpAsync(Cancel);
        await held;

        var look = index.Comparison.LookAsync([subject], Cancel);
        await Task.WhenAny(look, Task.Delay(500, Cancel));
        index.Rows.Release();
        await reading;
        Assert.Empty((await look).Findings);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task What_is_shown_before_its_block_is_read_is_no_finding_and_a_row_that_is_lost_after_it_is()
    {
        var (subject, receipt) = await index.CreateRepositoryAsync("shown-early", Cancel);
        index.Indexer.ShowEarly(receipt);
        Assert.Empty((await index.Comparison.LookAsync([subject], Cancel)).Findings);

        await index.Indexer.CatchUpAsync(Cancel);
        Assert.Empty((await index.Comparison.LookAsync([subject], Cancel)).Findings);
        await index.DeleteRowAsync(subject, Cancel);
        var finding = Assert.Single((await index.Comparison.LookAsync([subject], Cancel)).Findings);
        Assert.Equal((FindingKind.RowDiffers, "no row"), (finding.Kind, finding.Found));
        await index.Comparison.RepairAsync(finding, "run", Cancel);
        Assert.Empty((await index.Comparison.LookAsync([subject], Cancel)).Findings);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task Rows_of_replaced_blocks_go_when_the_first_write_failed()
    {
        await index.Indexer.CatchUpAsync(Cancel);
        var (subject, receipt) = await index.CreateRepositoryAsync("replaced", Cancel);
        await index.Indexer.CatchUpAsync(Cancel);
        Assert.Contains(subject, await RowsAsync());
        ulong head = (await index.Chain.Client.GetHeadAsync(Cancel)).Number;
        await index.RollBackAsync(head - receipt.BlockNumber + 1, Cancel);

        index.Rows.FailNext();
        await Assert.ThrowsAsync<IOException>(() => index.Indexer.CatchUpAsync(Cancel));
        await index.Indexer.CatchUpAsync(Cancel);
        Assert.DoesNotContain(subject, await RowsAsync());
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task Orders_of_replaced_blocks_are_told_when_telling_failed_first()
    {
        await index.Indexer.CatchUpAsync(Cancel);
        var order = Keccak256.Hash("an order of a block that is replaced");
        await index.MineAsync(Cancel);
        ulong head = (await index.Chain.Client.GetHeadAsync(Cancel)).Number;
        index.Market.Journal.Block = head;
        index.Market.Orders[order] = new AdmittedOrder(order, null!, head, false);
        await index.Indexer.CatchUpAsync(Cancel);
        await index.RollBackAsync((await index.Chain.Client.GetHeadAsync(Cancel)).Number - head + 1, Cancel);

        index.Told.FailNext();
        await Assert.ThrowsAsync<IOException>(() => index.Indexer.CatchUpAsync(Cancel));
        await index.Indexer.CatchUpAsync(Cancel);
        Assert.Equal([order], index.Told.Last);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task Nobody_has_the_chain_read_before_what_was_read_is_loaded()
    {
        var (subject, _) = await index.CreateRepositoryAsync("read-before", Cancel);
        await index.Indexer.CatchUpAsync(Cancel);
        var market = new Market();
        using var restarted = index.Restart(market);
        var asked = restarted.CatchUpAsync(Cancel);
        var looked = restarted.AtCursorAsync(static cursor => Task.FromResult(cursor.Block), Cancel);
        await Task.WhenAny(asked, looked, Task.Delay(500, Cancel));
        Assert.Empty(market.Repositories);

        await restarted.InitialiseAsync(Cancel);
        await asked;
        Assert.True(await looked >= index.Indexer.Indexed);
        Assert.Contains(Hash32.Parse(subject.Split('/')[1]), market.Repositories.Keys);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_node_that_has_forgotten_the_state_of_old_blocks_is_enough_to_read_everything_again()
    {
        await index.MineAsync(ChainIndexer.LargestRange + 300, Cancel);
        await index.Indexer.CatchUpAsync(Cancel);
        await index.ForgetAsync(Cancel);
        using var http = new HttpClient(new PrunedNode(index.Chain.Client, kept: 128));
        var market = new Market();
        using var again = index.Restart(market, new ChainClient(new JsonRpcClient(http, index.Chain.Endpoint)));
        await again.InitialiseAsync(Cancel);

        Assert.Equal((await index.Chain.Client.GetHeadAsync(Cancel)).Number, again.Indexed);
        Assert.Equal((index.Market.Governed.FeeBps, index.Market.Governed.Committee.Epoch), (market.Governed.FeeBps, market.Governed.Committee.Epoch));
        Assert.Equal(index.Market.Repositories.Keys.Order(), market.Repositories.Keys.Order());
    }

    private async Task<IReadOnlyList<string>> RowsAsync() => await index.Comparison.NextAsync($"{MarketKind.Repository}/{Hash32.Zero}", Cancel);
}
