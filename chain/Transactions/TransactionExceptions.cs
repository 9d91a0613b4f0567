using Dweb.Chain.Abi;
using Dweb.Chain.Rpc;
using Dweb.Core.Protocol;

namespace Dweb.Chain.Transactions;

/// <summary>The contract refused. Without a receipt the refusal came from the gas estimate and nothing was sent.</summary>
public sealed class TransactionRevertedException(string function, ContractError error, TransactionReceipt? receipt)
    : Exception($"{function} was refused by the contract: {error}" + (receipt is null ? "" : $" (transaction {receipt.TransactionHash})"))
{
    public string Function { get; } = function;

    public ContractError Error { get; } = error;

    public TransactionReceipt? Receipt { get; } = receipt;
}

/// <summary>
/// The transaction was handed to the node, or may have been, and no receipt was seen. It can still be mined: look for the
/// hash before sending the same intent again.
/// </summary>
public sealed class TransactionNotConfirmedException(string function, Hash32 hash, string reason, Exception? inner = null)
    : Exception($"{function}: transaction {hash} is not confirmed: {reason}", inner)
{
    public string Function { get; } = function;

    public Hash32 TransactionHash { get; } = hash;
}
