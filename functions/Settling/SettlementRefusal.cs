using Dweb.Chain.Rpc;
using Dweb.Chain.Transactions;

namespace Dweb.Functions.Settling;

/// <summary>Tells a refusal of what is in a transaction from trouble with the node, the sender's coin or its nonces.</summary>
internal static class SettlementRefusal
{
    private static readonly string[] OfTheContent =
        ["out of gas", "gas required exceeds", "intrinsic gas", "exceeds block gas limit", "exceeds transaction gas", "gas limit too high", "oversized data"];

    /// <returns>Null when a smaller transaction, or one of others, would fail in the same way.</returns>
    public static string? ReasonOf(Exception failure) => failure switch
    {
        TransactionRevertedException reverted => reverted.Error.ToString(),
        RpcException refused when OfTheContent.Any(words => refused.NodeMessage.Contains(words, StringComparison.OrdinalIgnoreCase)) => refused.NodeMessage,
        _ => null,
    };
}
