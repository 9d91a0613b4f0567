using System.Text.Json;
using Dweb.Local.Ledger;

namespace Dweb.Local.Tests.Ledger;

public sealed class LedgerIsRead
{
    [Fact]
    public void Totals_entries_and_settlements_come_from_the_command()
    {
        var ledger = Parse("""
            {"deposited":"10000000000000000000","coeHosts":"4","royalties":"3","treasury":"2","refunded":"1","difference":"0","settlements":7,
             "entries":[{"kind":"Deposited","account":"0xAB","amount":"10000000000000000000","tx":"0x1","block":4}],
             "movements":[{"kind":"BondReceived","account":"0xCD","amount":"5"},{"kind":"BondReceived","account":"0xef","amount":"6"},{"kind":"Slashed","account":"0xcd","amount":"7"}]}
            """);
        Assert.Equal((5, 0), (ledger.Moved("bondReceived", "0xcd"), ledger.Moved("bondReceived", "0xab")));
        Assert.Equal(7, ledger.Settlements);
        Assert.Equal(4, ledger.Totals.CoeHosts);
        Assert.Equal(new Payment(PaymentKind.Deposited, "0xab", ledger.Totals.Deposited), Assert.Single(ledger.Payments));
    }

    [Fact]
    public void A_kind_of_payment_that_nobody_here_knows_is_refused_instead_of_left_out()
    {
        var failure = Assert.Throws<LocalException>(() => Parse("""
            {"deposited":"0","coeHosts":"0","royalties":"0","treasury":"0","refunded":"0","difference":"0","settlements":0,
             "movements":[],"entries":[{"kind":"BountyPaid","account":"0xab","amount":"1"}]}
            """));
        Assert.Contains("BountyPaid", failure.Message, StringComparison.Ordinal);
    }

    private static LedgerDocument Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return LedgerDocument.Parse(document.RootElement);
    }
}
