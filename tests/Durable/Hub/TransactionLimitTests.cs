using Azure.Data.Tables;
using Dweb.Durable.Storage;

namespace Dweb.Durable.Tests.Hub;

public sealed class TransactionLimitTests
{
    [Fact]
    public void A_hundred_operations_fit_and_one_more_does_not()
    {
        var transaction = new HubTransaction("p");
        foreach (var i in Enumerable.Range(0, 100))
        {
            transaction.Insert(new TableEntity("p", $"r{i}"));
        }
        Assert.Contains("100 operations", Assert.Throws<StorageLimitException>(() => transaction.Insert(new TableEntity("p", "more"))).Message, StringComparison.Ordinal);
        Assert.Equal(100, transaction.Actions.Count);
    }

    [Fact]
    public void A_property_of_64_KiB_fits_and_one_byte_more_does_not()
    {
        new HubTransaction("p").Insert(new TableEntity("p", "r") { ["d"] = new byte[65_536] });
        Refused(new TableEntity("p", "r") { ["d"] = new byte[65_537] }, "65537 bytes");
        Refused(new TableEntity("p", "r") { ["text"] = new string('x', 32_769) }, "65538 bytes");
    }

    [Fact]
    public void A_row_of_a_mebibyte_is_refused_although_each_property_fits()
    {
        var row = new TableEntity("p", "r");
        foreach (var i in Enumerable.Range(0, 16))
        {
            row[$"d{i}"] = new byte[65_536];
        }
        Refused(row, "Row 'r'");
    }

    [Fact]
    public void A_transaction_is_measured_as_it_travels_not_as_it_is_stored()
    {
        var transaction = new HubTransaction("p");
        var added = 0;
        Assert.Throws<StorageLimitException>(() =>
        {
            for (; added < 99; added++)
            {
                transaction.Insert(Chunks.Row("p", $"r{added}", new byte[512 * 1024]));
            }
        });
        // 4 MiB hold six times 512 KiB in base64, not eight.
        Assert.Equal(5, added);
    }

    [Fact]
    public void A_row_of_another_partition_or_the_same_row_twice_is_refused()
    {
        Refused(new TableEntity("q", "r"), "'q'");
        var transaction = new HubTransaction("p").Insert(new TableEntity("p", "r"));
        Assert.Throws<StorageLimitException>(() => transaction.Delete("r", Azure.ETag.All));
    }

    [Fact]
    public void No_two_ids_share_a_key_and_no_key_has_a_forbidden_character()
    {
        string[] ids = ["a/b", "a\\b", "a#b", "a?b", "a%b", "a%2Fb", "ab", "é", "a|b", "a'b", "\t"];
        var keys = Array.ConvertAll(ids, RowKeys.Escape);
        Assert.Equal(ids.Length, keys.Distinct(StringComparer.Ordinal).Count());
        Assert.All(keys, key => Assert.Equal(-1, key.IndexOfAny(['/', '\\', '#', '?', '|', '\'', '\t'])));
    }

    private static void Refused(TableEntity row, string what) =>
        Assert.Contains(what, Assert.Throws<StorageLimitException>(() => new HubTransaction("p").Insert(row)).Message, StringComparison.Ordinal);
}
