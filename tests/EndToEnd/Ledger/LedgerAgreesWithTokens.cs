using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Dweb.Chain.Contracts;
using Dweb.Core.Protocol;
using Dweb.EndToEnd.Tests.Stack;
using Dweb.Local.Stack;

namespace Dweb.EndToEnd.Tests.Ledger;

/// <summary>The ledger reads the contracts' own events; the token, which knows nothing of leases, is the witness.</summary>
[Trait("Category", "EndToEnd")]
[Collection(RealStack.Collection)]
public sealed class LedgerAgreesWithTokens(RealStack stack)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_wei_of_a_lease_is_where_the_token_says()
    {
        await stack.ComeToRestAsync(Stop);
        string file = Compose.Write(stack, "ledger.yaml", Compose.Single("demo/web", "eu-central"));
        string order = (await stack.CliAsync(Role.User, Stop, "deploy", file, "--wait")).Json().GetProperty("orderHash").GetString()!;
        var lease = await Leases.OnlyOneAsync(stack, order, Stop);
        await Deadline.UntilAsync(
            "usage is settled", async stop => (await stack.Chain.Book.SettledOfAsync(lease, cancellationToken: stop)).SecondsRun > 0, Stop);
        (await stack.CliAsync(Role.User, Stop, "close", order, "--wait")).Json();
        await PayEverybodyAsync();

        var ledger = (await stack.CliAsync(Role.User, Stop, "ledger", "--strict")).Json();
        var transfers = await TransfersAsync();
        var at = stack.Chain.Addresses;
        var user = EvmAddress.Parse(stack.Local.People[Role.User]);
        BigInteger Sum(Func<DwebToken.Events.Transfer, bool> which) => transfers.Where(which).Aggregate(BigInteger.Zero, static (sum, t) => sum + t.Value);
        var hosts = stack.Local.Hosts.Select(h => EvmAddress.Parse(stack.Local.People[h.Role.Wallet])).ToHashSet();

        // Of leases of other tests whose hosts never ran them.
        var bonds = Sum(t => t.From == at.CoeRegistry && t.To == at.LeaseBook);
        var deposited = Sum(t => t.To == at.LeaseBook) - bonds;
        var toHosts = Sum(t => t.From == at.LeaseBook && hosts.Contains(t.To));
        var toPayees = Sum(t => t.From == at.RoyaltyPool);
        var toTreasury = Sum(t => t.From == at.LeaseBook && t.To == at.Treasury);
        var refunded = Sum(t => t.From == at.LeaseBook && t.To == user);

        Assert.Equal((deposited, bonds), (Wei(ledger, "deposited"), Wei(ledger, "bonds")));
        Assert.Equal((toHosts, toPayees, toTreasury, refunded), (Wei(ledger, "coeHosts"), Wei(ledger, "royalties"), Wei(ledger, "treasury"), Wei(ledger, "refunded")));
        Assert.Equal(deposited + bonds, toHosts + toPayees + toTreasury + refunded);
        Assert.All([toHosts, toPayees, toTreasury], static amount => Assert.True(amount > 0));
        Assert.Equal((0, 0), (await BalanceAsync(at.LeaseBook), await BalanceAsync(at.RoyaltyPool)));

        // For whoever comes next.
        (await stack.CliAsync(Role.User, Stop, "deposit", "100")).Json();
    }

    private async Task PayEverybodyAsync()
    {
        foreach (var log in await stack.Chain.LogsAsync(Stop))
        {
            if (CoeRegistry.Events.CoeRegistered.TryDecode(log, out var coe))
            {
                string wallet = stack.Local.People.Single(p => EvmAddress.Parse(p.Value) == coe.Host).Key;
                await Deadline.UntilAsync($"{wallet} is paid for {coe.Name}", async stop =>
                    (await stack.CliAsync(wallet, stop, "coe", "withdraw", coe.Name)).Json().GetProperty("maturing").GetString() == "0", Stop);
            }
        }

        (await stack.CliAsync(Role.CodeOwner, Stop, "code", "pull-royalty", "--all")).Json();
        (await stack.CliAsync(Role.Treasury, Stop, "fees", "withdraw")).Json();
        (await stack.CliAsync(Role.User, Stop, "withdraw")).Json();
    }

    private async Task<IReadOnlyList<DwebToken.Events.Transfer>> TransfersAsync()
    {
        var transfers = new List<DwebToken.Events.Transfer>();
        foreach (var log in await stack.Chain.LogsAsync(Stop))
        {
            if (log.Address == stack.Chain.Addresses.DwebToken && DwebToken.Events.Transfer.TryDecode(log, out var transfer))
            {
                transfers.Add(transfer);
            }
        }

        return transfers;
    }

    private Task<BigInteger> BalanceAsync(EvmAddress account) => stack.Chain.Token.BalanceOfAsync(account, cancellationToken: Stop);

    // A sum of nothing may be left out.
    private static BigInteger Wei(JsonElement ledger, string name) =>
        ledger.TryGetProperty(name, out var value) ? BigInteger.Parse(value.GetString()!, CultureInfo.InvariantCulture) : BigInteger.Zero;
}
