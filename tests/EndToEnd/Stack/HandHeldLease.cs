using System.Numerics;
using Dweb.Chain.Contracts;
using Dweb.Core.Metering;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Messages;
using Dweb.Local.Stack;

namespace Dweb.EndToEnd.Tests.Stack;

/// <summary>A lease on a COE in a test's hands: an order of one replica for the region that only such COEs are in.</summary>
internal sealed record HandHeldLease(RealStack Stack, LeaseBook.Events.LeaseOpened Opened)
{
    public Hash32 Id => Opened.LeaseId;

    public string Order => Opened.OrderHash.ToString();

    public LeaseHandle Handle => LeaseHandle.Of(Id);

    /// <summary>Returns once the lease is open.</summary>
    /// <param name="prepay">What is funded ahead, and the longest time in which the host has to start.</param>
    public static async Task<HandHeldLease> OpenAsync(RealStack stack, CancellationToken cancellationToken, string prepay = "20m")
    {
        string compose = Compose.Single("demo/web", HandHeldCoe.Region).Replace("prepay: 20m", $"prepay: {prepay}", StringComparison.Ordinal);
        string file = Compose.Write(stack, "hand-held.yaml", compose);
        string order = (await stack.CliAsync(Role.User, cancellationToken, "deploy", file, "--name", "hand-" + Guid.NewGuid().ToString("N")[..8])).Json()
            .GetProperty("orderHash").GetString()!;
        var lease = await Leases.OnlyOneAsync(stack, order, cancellationToken);
        return new HandHeldLease(stack, (await stack.Chain.OpeningsAsync(cancellationToken)).Single(o => o.LeaseId == lease));
    }

    /// <summary>Counters that are all at their beginning but these.</summary>
    public UsageEntry Used(uint seconds, uint received = 0, uint sent = 0) => new(Handle, seconds, 0, 0, 0, received, sent);

    /// <summary>Waits until the chain's clock is so far past the opening.</summary>
    /// <returns>Timestamp of its newest block.</returns>
    public async Task<ulong> AgeAsync(uint seconds, CancellationToken cancellationToken)
    {
        await Deadline.UntilAsync(
            "the lease is old enough", async stop => (await Stack.Chain.Client.GetHeadAsync(stop)).Timestamp >= Opened.Origin + seconds, cancellationToken);
        return (await Stack.Chain.Client.GetHeadAsync(cancellationToken)).Timestamp;
    }

    public async Task<uint> SettledSecondsAsync(CancellationToken cancellationToken) => (await Stack.Chain.Book.SettledOfAsync(Id, cancellationToken: cancellationToken)).SecondsRun;

    /// <summary>Closes the order as its user and waits until nothing of it is open, so that all that it costs is paid.</summary>
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        (await Stack.CliAsync(Role.User, cancellationToken, "close", Order)).Json();
        await Deadline.UntilAsync(
            "the lease is closed", async stop => await Stack.Chain.StateOfAsync(Id, stop) == LeaseState.Closed, cancellationToken);
    }

    /// <summary>
    /// The COE, its user and the ledger have what so much is worth, and not a wei else. Only for the first lease of a COE, after <see cref="CloseAsync"/>.
    /// </summary>
    /// <param name="transfer">Billed MiB.</param>
    public async Task AssertCostAsync(uint seconds, ulong transfer, CancellationToken cancellationToken)
    {
        var t = Opened.Terms;
        var charge = Charge.Of(
            new LeaseTerms(t.HostRate, t.BaseRate, t.HostTransfer, t.BaseTransfer, t.RoyaltyBps, t.FeeBps, t.AllowanceGiB, t.RentShare), seconds, transfer);
        var (matured, maturing, disputed) = await Stack.Chain.Book.EarnedOfAsync(Opened.Coe, cancellationToken: cancellationToken);
        var spent = (await Stack.Chain.Book.OrderOfAsync(Opened.OrderHash, cancellationToken: cancellationToken)).Committed;
        Assert.Equal((charge.Host, charge.Total), (matured + maturing + disputed, spent));
        await AssertLedgerAsync(Stack, cancellationToken);
    }

    /// <summary>Every wei is where it belongs.</summary>
    public static async Task AssertLedgerAsync(RealStack stack, CancellationToken cancellationToken)
    {
        var ledger = (await stack.CliAsync(Role.User, cancellationToken, "ledger")).Json();
        Assert.Equal("0", ledger.GetProperty("difference").GetString());
        Assert.All(ledger.GetProperty("checks").EnumerateArray(), static check =>
            Assert.Equal(BigInteger.Parse(check.GetProperty("expected").GetString()!, null), BigInteger.Parse(check.GetProperty("actual").GetString()!, null)));
    }
}
