using System.Numerics;
using CsCheck;
using Dweb.Local.Ledger;

namespace Dweb.Local.Tests.Ledger;

/// <summary>Money that moves consistently passes; one wei that goes elsewhere never does.</summary>
public sealed class EveryWeiIsFound
{
    private static readonly string[] Payees = ["0xhost1", "0xhost2", "0xcode", "0ximage", "0xtreasury"];

    private static readonly Gen<BigInteger> Wei = Gen.ULong[1, ulong.MaxValue].Select(v => new BigInteger(v));

    /// <summary>Somebody deposits; the sum is split over everybody; what is left goes back.</summary>
    private static readonly Gen<History> Histories =
        from shares in Gen.Select(Gen.Int[0, Payees.Length - 1].Select(i => Payees[i]), Wei).List[0, 20]
        from rest in Wei
        select History.Of(shares, rest);

    [Fact]
    public void A_history_in_which_all_money_arrives_agrees() => Histories.Sample(h => h.Disagreements().Count == 0);

    [Fact]
    public void One_wei_less_paid_out_than_came_in_is_found() =>
        Histories.Sample(h => h.WithPayment(0, p => p with { Amount = p.Amount - 1 }).Disagreements().Count > 0);

    [Fact]
    public void One_wei_diverted_from_one_payee_to_another_is_found_by_their_balances() =>
        Histories.Where(h => h.Payments.Count > 2).Sample(h =>
            h.WithBalance("0xthief", +1).WithBalance(h.Payments[1].Account, -1).Disagreements().Count > 0);

    [Fact]
    public void One_wei_that_stays_in_a_contract_is_found() =>
        Histories.Sample(h => h.WithBalance("0xleasebook", +1).WithBalance("0xuser", -1).Disagreements().Count > 0);

    [Fact]
    public void A_total_that_is_reported_one_wei_off_is_found() =>
        Gen.Select(Histories, Gen.Int[0, 4]).Sample((h, which) =>
        {
            var t = h.Reported;
            var wrong = which switch
            {
                0 => t with { Deposited = t.Deposited + 1 },
                1 => t with { CoeHosts = t.CoeHosts + 1 },
                2 => t with { Royalties = t.Royalties + 1 },
                3 => t with { Treasury = t.Treasury + 1 },
                _ => t with { Refunded = t.Refunded + 1 },
            };
            return (h with { Reported = wrong }).Disagreements().Count > 0;
        });

    [Fact]
    public void The_message_says_who_and_how_much()
    {
        var history = History.Of([("0xhost1", 10)], rest: 5).WithBalance("0xhost1", -1);
        Assert.Equal(["0xhost1 gained 9 wei by its balances and 10 wei by the chain's events"], history.Disagreements());
    }

    private sealed record History(
        IReadOnlyList<Payment> Payments, LedgerTotals Reported, IReadOnlyDictionary<string, BigInteger> Before, IReadOnlyDictionary<string, BigInteger> After)
    {
        public static History Of(IReadOnlyList<(string Payee, BigInteger Amount)> shares, BigInteger rest)
        {
            var deposited = shares.Aggregate(rest, (sum, s) => sum + s.Amount);
            List<Payment> payments = [new(PaymentKind.Deposited, "0xuser", deposited)];
            payments.AddRange(shares.Select(s => new Payment(KindOf(s.Payee), s.Payee, s.Amount)));
            payments.Add(new Payment(PaymentKind.Withdrawn, "0xuser", rest));
            var before = Payees.Append("0xuser").ToDictionary(a => a, _ => deposited * 2, StringComparer.Ordinal);
            var after = before.ToDictionary(b => b.Key, b => b.Value + payments.Where(p => p.Account == b.Key).Aggregate(BigInteger.Zero, (sum, p) => sum + p.Gain), StringComparer.Ordinal);
            return new History(payments, LedgerCheck.Sum(payments), before, after);
        }

        public IReadOnlyList<string> Disagreements() => LedgerCheck.Disagreements(Payments, Reported, Before, After);

        public History WithPayment(int index, Func<Payment, Payment> change) =>
            this with { Payments = [.. Payments.Select((p, i) => i == index ? change(p) : p)] };

        public History WithBalance(string account, int change) =>
            this with { After = new Dictionary<string, BigInteger>(After, StringComparer.Ordinal) { [account] = After.GetValueOrDefault(account) + change } };

        private static PaymentKind KindOf(string payee) => payee switch
        {
            "0xtreasury" => PaymentKind.FeesWithdrawn,
            "0xcode" or "0ximage" => PaymentKind.RoyaltyPaid,
            _ => PaymentKind.EarningsWithdrawn,
        };
    }
}
