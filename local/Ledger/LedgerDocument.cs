using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace Dweb.Local.Ledger;

/// <summary>What <c>dweb ledger --json</c> says.</summary>
internal sealed record LedgerDocument(LedgerTotals Totals, IReadOnlyList<Payment> Payments, int Settlements)
{
    /// <exception cref="LocalException">A kind of payment that is not known here: it would be missing in the sum.</exception>
    public static LedgerDocument Parse(JsonElement json) => new(
        new LedgerTotals(Wei(json, "deposited"), Wei(json, "coeHosts"), Wei(json, "royalties"), Wei(json, "treasury"), Wei(json, "refunded"), json.TryGetProperty("bonds", out _) ? Wei(json, "bonds") : 0),
        [.. json.GetProperty("entries").EnumerateArray().Select(ParsePayment)],
        json.GetProperty("settlements").GetInt32());

    private static Payment ParsePayment(JsonElement entry)
    {
        var kind = entry.GetProperty("kind").GetString();
        return Enum.TryParse<PaymentKind>(kind, ignoreCase: true, out var known)
            ? new Payment(known, entry.GetProperty("account").GetString()!.ToLowerInvariant(), Wei(entry, "amount"))
            : throw new LocalException($"The ledger names a kind of payment that is not known here: '{kind}'.", "The check of the ledger has to learn it before its sums mean anything.");
    }

    private static BigInteger Wei(JsonElement json, string name)
    {
        var value = json.GetProperty(name);
        return BigInteger.Parse(value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
    }
}
