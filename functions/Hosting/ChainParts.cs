using Dweb.Chain.Rpc;
using Dweb.Chain.Signing;
using Dweb.Chain.Transactions;
using Dweb.Core.Protocol.Errors;
using Dweb.Functions.Scheduling;
using Dweb.Functions.Settings;

namespace Dweb.Functions.Hosting;

/// <summary>The chain as the control plane uses it, opened and checked at start.</summary>
/// <param name="Scheduler">Key of the scheduler member in this process; null where all members are others.</param>
internal sealed record ChainParts(ChainAccess Access, SenderPool Senders, PrivateKey? Scheduler)
{
    /// <exception cref="DwebException">The chain is away or another one, the contracts are not there, a key cannot be opened, or no quorum can be had.</exception>
    public static async Task<ChainParts> OpenAsync(ControlPlaneSettings settings, HttpClient http, CancellationToken cancellationToken)
    {
        // Passwords are slow by design; the chain is asked meanwhile. One after the other: each takes the memory of its strength.
        var keys = Task.Run(() => OpenKeystores(settings.Keystores), cancellationToken);
        var access = await ChainAccess.OpenAsync(settings, http, cancellationToken);
        var (scheduler, gas) = await keys;
        try
        {
            await CommitteeCheck.RunAsync(access.Contracts, scheduler?.Address, settings.Members.Count, cancellationToken);
        }
        catch (RpcUnavailableException away)
        {
            throw new DwebException(Catalogue.ChainUnreachable, $"The chain's RPC endpoint {away.Endpoint} {away.What}.", "Dweb__RpcUrl", away);
        }

        return new ChainParts(access, new SenderPool([.. gas.Select(key => new TransactionSender(access.Client, key, OptionsOf(settings.Fees)))]), scheduler);
    }

    /// <summary>Waits for as long as a few raises take.</summary>
    private static SenderOptions OptionsOf(FeeSettings fees) => new()
    {
        MaxFeePerGas = fees.MaxFeePerGas,
        BumpAfter = fees.BumpAfter,
        ConfirmationTimeout = 10 * fees.BumpAfter,
    };

    private static (PrivateKey? Scheduler, IReadOnlyList<PrivateKey> Gas) OpenKeystores(KeystoreSettings keystores) => (
        keystores.Scheduler is { } scheduler ? ChainAccess.OpenScheduler(scheduler) : null,
        [.. keystores.Gas.Select(file => ChainAccess.OpenKeystore(file, keystores.GasPasswordFile, "Dweb__GasKeystores"))]);
}
