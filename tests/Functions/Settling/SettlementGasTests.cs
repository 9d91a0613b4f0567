using System.Text.Json;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Settling;
using Dweb.Functions.Tests.Stack;

namespace Dweb.Functions.Tests.Settling;

/// <summary>The bound against what the contracts' gas tests measured.</summary>
public sealed class SettlementGasTests
{
    /// <summary>Of a settlement transaction, by the settings' default.</summary>
    private const ulong Limit = 15_000_000;

    [Theory]
    [InlineData("1 lease, 1 COE, 1 image", 1, 1, 1, 1)]
    [InlineData("20 leases, 1 COE, 1 image", 1, 20, 1, 1)]
    [InlineData("20 leases, 1 COE, 20 images", 1, 20, 20, 20)]
    [InlineData("20 leases, 10 COEs, 1 image", 10, 20, 1, 10)]
    [InlineData("100 leases, 1 COE, 20 images one after the other", 1, 100, 20, 20)]
    [InlineData("100 leases, 1 COE, 20 images in turn", 1, 100, 20, 100)]
    public void A_settlement_takes_no_more_than_the_bound_and_not_much_less(string figure, int batches, int entries, int images, int runs)
    {
        ulong measured = Read("settlement").GetProperty(figure).GetUInt64();
        Assert.InRange(SettlementGas.Bound(batches, entries, images, runs), measured + (measured / 20), measured + (measured * 3 / 10));
    }

    [Theory]
    [InlineData("settle a lease, 100 over 1 COE and 1 image", 1, 1, 1)]
    [InlineData("settle a lease, 100 over 10 COEs and 20 images", 10, 20, 20)]
    public void Later_settlements_take_less(string figure, int batches, int images, int runs) =>
        Assert.InRange(Read("lease").GetProperty(figure).GetUInt64() * 100, 1UL, SettlementGas.Bound(batches, 100, images, runs));

    [Fact]
    public void The_largest_batch_that_is_taken_fits_into_a_transaction_whatever_its_leases_run()
    {
        for (int images = 1; images <= UsageBatch.MostEntries; images++)
        {
            Assert.InRange(SettlementGas.Bound(1, UsageBatch.MostEntries, images, UsageBatch.MostEntries), 1UL, Limit);
        }
    }

    private static JsonElement Read(string group) =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Root, "contracts", "gas", group + ".json"))).RootElement;
}
