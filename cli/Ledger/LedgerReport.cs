using System.Numerics;
using System.Text.Json.Serialization;
using Dweb.Core.Protocol;

namespace Dweb.Cli.Ledger;

/// <summary>Two sums that must be the same, each from its own source.</summary>
internal sealed record LedgerCheck(string What, BigInteger Expected, BigInteger Actual)
{
    public bool Holds => Expected == Actual;
}

/// <param name="Role">user, host, payee, treasury, or a contract's name.</param>
/// <param name="Token">Wei of DWEB.</param>
internal sealed record LedgerBalance(EvmAddress Account, string Role, BigInteger Token);

/// <summary>Every wei that came in, and where it went. Wei throughout.</summary>
/// <param name="Deposited">Put into escrow.</param>
/// <param name="CoeHosts">Paid to hosts, and earned and not yet paid.</param>
/// <param name="Royalties">Paid to payees, self edges and commons included, and still in the royalty pool.</param>
/// <param name="Treasury">Fees paid to the treasury, and still in the lease book.</param>
/// <param name="Refunded">Withdrawn by users, and free for them to withdraw: refunds, bounties and bonds of hosts.</param>
/// <param name="Fenced">Still in leases.</param>
/// <param name="Bonds">Of the stakes of hosts, taken for users: it came in beside the deposits.</param>
/// <param name="Bounties">Of the fees, to those who settled; part of what is refunded.</param>
/// <param name="Disputed">Still in disputes.</param>
/// <param name="Unpaid">Of hosts, royalties and treasury: what is still in a contract.</param>
/// <param name="Difference">Deposits and bonds, less what left the contracts, less the tokens that they hold: 0, or somebody has them who should not.</param>
/// <param name="Settlements">Transactions that settled usage.</param>
/// <param name="Entries">Payments between accounts and the contracts that hold users' money.</param>
/// <param name="Movements">What moved inside of the contracts, and stakes.</param>
internal sealed record LedgerReport(
    BigInteger Deposited,
    BigInteger CoeHosts,
    BigInteger Royalties,
    BigInteger Treasury,
    BigInteger Refunded,
    BigInteger Fenced,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] BigInteger Bonds,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] BigInteger Bounties,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] BigInteger Disputed,
    BigInteger Unpaid,
    BigInteger Difference,
    int Settlements,
    IReadOnlyList<LedgerCheck> Checks,
    IReadOnlyList<MoneyEvent> Entries,
    IReadOnlyList<MoneyEvent> Movements,
    IReadOnlyList<LedgerBalance> Balances)
{
    /// <param name="events">Of the blocks after <paramref name="before"/>, up to <paramref name="after"/>.</param>
    public static LedgerReport Of(IReadOnlyList<MoneyEvent> events, Holdings before, Holdings after, IReadOnlyList<LedgerBalance> balances)
    {
        var change = after - before;
        BigInteger Sum(MoneyKind kind) => events.Where(e => e.Kind == kind).Aggregate(BigInteger.Zero, static (sum, e) => sum + e.Amount);
        var deposited = Sum(MoneyKind.Deposited);
        var withdrawn = Sum(MoneyKind.Withdrawn);
        var toHosts = Sum(MoneyKind.EarningsWithdrawn);
        var toPayees = Sum(MoneyKind.RoyaltyPaid);
        var toTreasury = Sum(MoneyKind.FeesWithdrawn);
        var coeHosts = toHosts + change.Earned;
        var royalties = toPayees + change.Pool;
        var treasury = toTreasury + change.Fees;
        var refunded = withdrawn + change.Free;
        var bonds = Sum(MoneyKind.BondReceived);
        var bounties = Sum(MoneyKind.BountyPaid);
        var forHosts = Sum(MoneyKind.HostSettled) + Sum(MoneyKind.RentPaid) - Sum(MoneyKind.DisputeSetAside) + Sum(MoneyKind.DisputePaid);
        LedgerCheck[] checks =
        [
            new("the lease book holds what it owes", after.Claims, after.Book),
            new("hosts get what was settled for them", forHosts, coeHosts),
            new("the royalty pool gets what was settled for it", Sum(MoneyKind.RoyaltySettled), royalties),
            new("the royalty pool books what it gets", Sum(MoneyKind.RoyaltySettled), Sum(MoneyKind.RoyaltyReceived)),
            new("the treasury gets what was settled for it", Sum(MoneyKind.FeeSettled) - bounties, treasury),
            new("the COE registry holds the stakes", Sum(MoneyKind.Staked) - Sum(MoneyKind.Slashed) - Sum(MoneyKind.Unbonded), change.Stakes),
            new("what hosts lose of their stakes goes to users", Sum(MoneyKind.Slashed), bonds),
            new(
                "disputes hold what was set aside in them", Sum(MoneyKind.DisputeSetAside) + Sum(MoneyKind.DisputeBonded),
                change.Disputed + Sum(MoneyKind.DisputeRefunded) + Sum(MoneyKind.DisputePaid)),
            new(
                "hosts, royalties, treasury, refunds, leases and disputes add up to deposits and bonds", deposited + bonds,
                coeHosts + royalties + treasury + refunded + change.Fenced + change.Disputed),
        ];
        return new LedgerReport(
            deposited, coeHosts, royalties, treasury, refunded, change.Fenced, bonds, bounties, change.Disputed, after.Earned + after.Pool + after.Fees,
            deposited + bonds - withdrawn - toHosts - toPayees - toTreasury - change.Book - change.Pool,
            events.Where(static e => e.Kind == MoneyKind.HostSettled).Select(static e => e.Tx).Distinct().Count(),
            checks, [.. events.Where(IsPayment)], [.. events.Where(static e => !IsPayment(e) && !e.Amount.IsZero)], balances);
    }

    private static bool IsPayment(MoneyEvent e) =>
        e.Kind is MoneyKind.Deposited or MoneyKind.Withdrawn or MoneyKind.EarningsWithdrawn or MoneyKind.RoyaltyPaid or MoneyKind.FeesWithdrawn;

    /// <summary>What keeps the books from being closed; empty when every wei is where it belongs.</summary>
    public IReadOnlyList<string> Faults()
    {
        var faults = new List<string>();
        if (!Difference.IsZero)
        {
            faults.Add($"the difference is {Difference} wei");
        }

        faults.AddRange(Checks.Where(static check => !check.Holds).Select(static check => $"not so: {check.What} ({check.Expected} and {check.Actual} wei)"));
        if (!Unpaid.IsZero)
        {
            faults.Add($"{Unpaid} wei are not paid out yet");
        }

        if (!Fenced.IsZero)
        {
            faults.Add($"{Fenced} wei are still in leases");
        }

        if (!Disputed.IsZero)
        {
            faults.Add($"{Disputed} wei are still in disputes");
        }

        return faults;
    }
}
