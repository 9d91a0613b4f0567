using System.Numerics;

namespace Dweb.Cli.Ledger;

/// <summary>What the contracts hold at one block, and what they say that it is for. Wei.</summary>
/// <param name="Book">Tokens of the lease book.</param>
/// <param name="Pool">Tokens of the royalty pool.</param>
/// <param name="Stakes">Tokens of the COE registry.</param>
/// <param name="Free">Users' free balances.</param>
/// <param name="Fenced">Ring-fenced for leases.</param>
/// <param name="Earned">Earned by COEs, matured or not.</param>
/// <param name="Disputed">Set aside by disputes: pay of COEs, and bonds of users.</param>
/// <param name="Fees">Collected for the treasury.</param>
internal sealed record Holdings(
    BigInteger Book, BigInteger Pool, BigInteger Stakes, BigInteger Free, BigInteger Fenced, BigInteger Earned, BigInteger Disputed, BigInteger Fees)
{
    /// <summary>Before the first deposit.</summary>
    public static Holdings None { get; } = new(0, 0, 0, 0, 0, 0, 0, 0);

    /// <summary>What the lease book says that it holds.</summary>
    public BigInteger Claims => Free + Fenced + Earned + Disputed + Fees;

    public static Holdings operator -(Holdings after, Holdings before) => new(
        after.Book - before.Book, after.Pool - before.Pool, after.Stakes - before.Stakes, after.Free - before.Free, after.Fenced - before.Fenced,
        after.Earned - before.Earned, after.Disputed - before.Disputed, after.Fees - before.Fees);
}
