using Dweb.Chain.Contracts;
using Dweb.Chain.Rpc;
using Dweb.Chain.Signing;
using Dweb.Chain.Transactions;
using Dweb.Cli.Home;
using Dweb.Cli.Terminal;

namespace Dweb.Cli.Onchain;

/// <summary>
/// Signs and sends as one wallet. The way of each transaction: tried on the node with its effects discarded, shown, signed, sent,
/// waited for. A refusal of the trial costs nothing.
/// </summary>
internal sealed class WalletTransactions(DwebChain chain, DwebHome home, OpenableWallet wallet, Approval approval, Printer printer)
{
    public EvmAccount Account => wallet.Account;

    /// <summary>For signatures that go into a call: shown first, as everything that is signed.</summary>
    /// <param name="what">One line, as <c>a permit for 100 DWEB</c>.</param>
    public async Task<PrivateKey> ApproveAsync(string what, CancellationToken cancellationToken)
    {
        await chain.RequireAsync(cancellationToken);
        approval.Ask(what, Account);
        return wallet.Open();
    }

    /// <param name="what">One line for people; null when the user has approved it already.</param>
    /// <returns>The receipt of a transaction that succeeded.</returns>
    /// <exception cref="CallRevertedException">The contract would refuse; nothing was signed.</exception>
    public async Task<TransactionReceipt> SendAsync(ContractCall call, string? what, CancellationToken cancellationToken)
    {
        await chain.RequireAsync(cancellationToken);
        await chain.Client.SimulateAsync(call, Account.Address, BlockTag.Latest, cancellationToken);
        if (what is not null)
        {
            approval.Ask(what, Account);
        }

        var key = wallet.Open();
        using var turn = await WalletLock.TakeAsync(home.LockOf(Account.Name), cancellationToken);
        using var sender = new TransactionSender(chain.Client, key);
        var receipt = await sender.SendAsync(call, gasLimit: null, cancellationToken);
        printer.Progress($"{call.Function}: block {receipt.BlockNumber}, transaction {receipt.TransactionHash}");
        return receipt;
    }
}
