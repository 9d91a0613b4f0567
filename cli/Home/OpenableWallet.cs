using Dweb.Chain.Signing;
using Dweb.Cli.Terminal;

namespace Dweb.Cli.Home;

/// <summary>A wallet that was named; its password is asked for when something must be signed, and once.</summary>
internal sealed class OpenableWallet(EvmAccount account, WalletStore store, PasswordSource passwords)
{
    private PrivateKey? key;

    public EvmAccount Account { get; } = account;

    /// <exception cref="Core.Protocol.Errors.DwebException">No password, or not the right one.</exception>
    public PrivateKey Open() => key ??= store.Open(Account, passwords.ForExisting(Account.Name));
}
