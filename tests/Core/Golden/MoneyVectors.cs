using System.Text.Json;
using Dweb.Core.Metering;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Core.Tests.Golden;

public sealed class MoneyVectors
{
    [Fact]
    public void Asks_reference_prices_and_reservations_lock_the_rates_of_the_vectors() => Assert.All(Vectors.Read("rates"), static v =>
    {
        var code = Rates.TryLock(
            MessageReader.Prices(v, "ask"), MessageReader.Prices(v, "ref"), MessageReader.Reserved(v, "reserved"), (ushort)v.Number("royaltyBps"),
            (ushort)v.Number("feeBps"), out var terms);
        if (!v.GetProperty("fits").GetBoolean())
        {
            Assert.Equal(SkipCode.RateTooWide, code);
            return;
        }

        Assert.Equal(SkipCode.None, code);
        Assert.Equal(v.Terms(), terms);
        Assert.Equal(v.Integer("bond"), terms!.Bond);
        Assert.Equal(v.Number("rent"), terms.Rent);
    });

    [Fact]
    public void Usage_costs_what_the_vectors_say_and_a_settlement_pays_the_difference() => Assert.All(Vectors.Read("charges"), static v =>
    {
        var (terms, charge) = (v.Terms(), ChargeAt(v, "second"));
        Assert.Equal(Amounts(v, "charge"), charge);
        Assert.Equal(Amounts(v, "paid"), charge - ChargeAt(v, "first"));
        Assert.Equal(v.Integer("reserve"), terms.Reserve((uint)v.Number("grace")));
        var fence = Charge.Of(terms, v.Number("limit"), terms.AllowanceMiB).Total - charge.Total + terms.Reserve((uint)v.Number("grace"));
        Assert.Equal(v.Integer("fence"), fence);
    });

    [Fact]
    public void Reports_are_paid_up_to_what_was_funded_and_vouched_for() => Assert.All(Vectors.Read("caps", "payable"), static v =>
    {
        uint payable = Payable.Seconds(
            (LeaseState)v.Number("state"), (uint)v.Number("reported"), (uint)v.Number("limit"), v.Number("asOf"), v.Number("origin"));
        Assert.Equal(v.Number("payable"), Math.Max(v.Number("settled"), payable));
    });

    [Fact]
    public void Transfer_is_billed_up_to_the_allowance() => Assert.All(Vectors.Read("caps", "transfer"), static v =>
        Assert.Equal(
            v.Number("billed"),
            Payable.TransferMiB((uint)v.Number("received"), (uint)v.Number("sent"), v.Number("allowanceGiB") * LeaseTerms.MebibytesPerGibibyte)));

    private static Charge ChargeAt(JsonElement v, string name)
    {
        var used = v.GetProperty(name);
        return Charge.Of(v.Terms(), used.Number("secondsRun"), used.Number("mebibytes"));
    }

    private static Charge Amounts(JsonElement v, string name)
    {
        var amounts = v.GetProperty(name);
        return new Charge(amounts.Integer("host"), amounts.Integer("royalty"), amounts.Integer("fee"));
    }
}
