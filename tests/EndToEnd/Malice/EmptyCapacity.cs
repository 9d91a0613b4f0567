using System.Numerics;
using Dweb.Chain.Contracts;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.EndToEnd.Tests.Stack;

namespace Dweb.EndToEnd.Tests.Malice;

/// <summary>A host offers what it does not have, and is given a lease: it never starts it, or gives it back. It earns nothing, and the replica goes elsewhere.</summary>
[Trait("Category", "EndToEnd")]
[Collection(RealStack.Collection)]
public sealed class EmptyCapacity(RealStack stack)
{
    private const string LeastTimeToStart = "20s";
    private const int BondSeconds = 3_600;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_host_that_never_starts_loses_its_bond_whatever_seconds_it_claims()
    {
        await stack.ComeToRestAsync(Stop);
        await using var one = await HandHeldCoe.FoundAsync(stack, Stop);
        await using var other = await HandHeldCoe.FoundAsync(stack, Stop);
        var lease = await HandHeldLease.OpenAsync(stack, Stop, LeastTimeToStart);
        var (liar, honest) = lease.Opened.Coe == one.Id ? (one, other) : (other, one);

        // Seconds that its own block does not vouch for are none: who signs them has not started.
        await liar.TakenAsync("usage", liar.Usage(lease.Opened.Origin, lease.Used(5)), Stop);
        var successor = await SuccessorAsync(lease);

        var closed = await ClosedAsync(lease);
        Assert.Equal(BondSeconds * new BigInteger(lease.Opened.Terms.HostRate) * 1_000_000_000, closed.BondToUser);
        Assert.Equal(EndReason.NoShow, await ReasonAsync(lease));
        Assert.Equal(honest.Id, successor.Coe);
        await AssertEarnedNothingAsync(liar);
        await lease.CloseAsync(Stop);
        await HandHeldLease.AssertLedgerAsync(stack, Stop);
    }

    [Fact]
    public async Task A_host_that_gives_its_lease_back_before_it_started_earns_nothing_and_another_gets_it()
    {
        await stack.ComeToRestAsync(Stop);
        await using var one = await HandHeldCoe.FoundAsync(stack, Stop);
        await using var other = await HandHeldCoe.FoundAsync(stack, Stop);
        var lease = await HandHeldLease.OpenAsync(stack, Stop);
        var (liar, honest) = lease.Opened.Coe == one.Id ? (one, other) : (other, one);

        await liar.TakenAsync("reports", liar.Report(lease.Id, LeasePhase.Pulling), Stop);
        (await stack.CliAsync(HandHeldCoe.Wallet(stack), Stop, "lease", "drain", lease.Id.ToString())).Json();
        var successor = await SuccessorAsync(lease);

        Assert.Equal(EndReason.Declined, await ReasonAsync(lease));
        Assert.Equal(honest.Id, successor.Coe);
        await AssertEarnedNothingAsync(liar);
        await lease.CloseAsync(Stop);
        await HandHeldLease.AssertLedgerAsync(stack, Stop);
    }

    private async Task<LeaseBook.Events.LeaseOpened> SuccessorAsync(HandHeldLease lease) => await Deadline.UntilAsync(
        "the replica is placed again", async stop => (await stack.Chain.OpeningsAsync(stop, lease.Opened.OrderHash)).FirstOrDefault(static o => o.Generation == 1), Stop);

    private async Task<LeaseBook.Events.LeaseClosed> ClosedAsync(HandHeldLease lease)
    {
        foreach (var log in await stack.Chain.LogsAsync(Stop))
        {
            if (LeaseBook.Events.LeaseClosed.TryDecode(log, out var closed) && closed.LeaseId == lease.Id)
            {
                return closed;
            }
        }

        throw new InvalidOperationException("The lease is not closed.");
    }

    private async Task<EndReason> ReasonAsync(HandHeldLease lease) => (EndReason)(await stack.Chain.Book.LeaseOfAsync(lease.Id, cancellationToken: Stop)).Reason;

    private async Task AssertEarnedNothingAsync(HandHeldCoe coe)
    {
        var (matured, maturing, disputed) = await stack.Chain.Book.EarnedOfAsync(coe.Id, cancellationToken: Stop);
        Assert.Equal((0, 0, 0), (matured, maturing, disputed));
    }
}
