using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace Dweb.Local.Ledger;

/// <summary>What <c>dweb ledger --json</c> says.</summary>
internal sealed record LedgerDocument(LedgerTotals Totals, IReadOnlyList<Payment> Payments, IReadOnlyList<Movement> Movements, int Settlements)
{
    /// <exception cref="LocalException">A kind of payment that is not known here: it would be missing in the sum.</exception>
    public static LedgerDocument Parse(JsonElement json) => new(
        new LedgerTotals(Wei(json, "deposited"), Wei(json, "coeHosts"), Wei(json, "royalties"), Wei(json, "treasury"), Wei(json, "refunded"), json.TryGetProperty("bonds", out _) ? Wei(json, "bonds") : 0),
        [.. json.GetProperty("entries").EnumerateArray().Select(ParsePayment)],
        [.. json.GetProperty("movements").EnumerateArray().Select(static entry => new Movement(entry.GetProperty("kind").GetString()!, entry.GetProperty("account").GetString()!, Wei(entry, "amount")))],
        json.GetProperty("settlements").GetInt32());

    /// <summary>Wei of all movements of a kind, of or to an account.</summary>
    /// <param name="kind">As the command names it, whatever the case.</param>
    public BigInteger Moved(string kind, string account) => Movements
        .Where(m => string.Equals(m.Kind, kind, StringComparison.OrdinalIgnoreCase) && string.Equals(m.Account, account, StringComparison.OrdinalIgnoreCase))
        .Aggregate(BigInteger.Zero, static (sum, m) => sum + m.Amount);

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

/// <summary>Money that moved inside of the contracts, or a stake.</summary>
/// <param name="Account">A lease, a COE, or whom else it is about.</param>
/// <param name="Amount">Wei.</param>
internal sealed record Movement(string Kind, string Account, BigInteger Amount);
