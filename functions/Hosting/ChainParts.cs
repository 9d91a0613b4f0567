using Dweb.Chain.Contracts;
using Dweb.Chain.Keystores;
using Dweb.Chain.Rpc;
using Dweb.Chain.Signing;
using Dweb.Chain.Transactions;
using Dweb.Core.Protocol.Errors;
using Dweb.Functions.Indexing;
using Dweb.Functions.Scheduling;
using Dweb.Functions.Settings;

namespace Dweb.Functions.Hosting;

/// <summary>The chain as this process uses it, opened and checked at start: endpoint, contracts, keys.</summary>
internal sealed record ChainParts(ChainClient Client, ChainContracts Contracts, ProtocolParameters Parameters, SenderPool Senders, SingleMember Committee)
{
    /// <exception cref="DwebException">The chain is away or another one, the contracts are not there, or a key cannot be opened or may not sign.</exception>
    public static async Task<ChainParts> OpenAsync(ControlPlaneSettings settings, HttpClient http, CancellationToken cancellationToken)
    {
        var addresses = LoadAddresses(settings.DeploymentFile);
        var client = new ChainClient(new JsonRpcClient(http, settings.RpcUrl));
        var contracts = new ChainContracts(addresses, client);

        // Passwords are slow by design; the chain is asked meanwhile. One after the other: each takes the memory of its strength.
        var keys = Task.Run(() => OpenKeystores(settings.Keystores), cancellationToken);
        try
        {
            await CheckChainAsync(client, addresses, settings, cancellationToken);
            var parameters = ProtocolParameters.ReadAsync(contracts, cancellationToken);
            var (scheduler, gas) = await keys;
            var committee = new SingleMember(scheduler, contracts);
            await committee.CheckAsync(cancellationToken);
            return new ChainParts(client, contracts, await parameters, new SenderPool([.. gas.Select(key => new TransactionSender(client, key, OptionsOf(settings.Fees)))]), committee);
        }
        catch (RpcUnavailableException away)
        {
            throw new DwebException(Catalogue.ChainUnreachable, $"The chain's RPC endpoint {away.Endpoint} {away.What}.", "Dweb__RpcUrl", away);
        }
    }

    /// <summary>Waits for as long as a few raises take.</summary>
    private static SenderOptions OptionsOf(FeeSettings fees) => new()
    {
        MaxFeePerGas = fees.MaxFeePerGas,
        BumpAfter = fees.BumpAfter,
        ConfirmationTimeout = 10 * fees.BumpAfter,
    };

    private static ContractAddresses LoadAddresses(string file)
    {
        try
        {
            return DeploymentFile.Load(file);
        }
        catch (Exception unusable) when (unusable is IOException or FormatException)
        {
            throw new DwebException(Catalogue.InvalidSetting, $"The deployment file {file} cannot be used: {unusable.Message}", "Dweb__DeploymentFile", unusable);
        }
    }

    private static async Task CheckChainAsync(ChainClient client, ContractAddresses addresses, ControlPlaneSettings settings, CancellationToken cancellationToken)
    {
        ulong chainId = await client.GetChainIdAsync(cancellationToken);
        if (chainId != addresses.ChainId)
        {
            throw new DwebException(
                Catalogue.WrongChain, $"{settings.RpcUrl} serves chain {chainId}; {settings.DeploymentFile} is of chain {addresses.ChainId}.", "Dweb__RpcUrl");
        }

        if ((await client.GetCodeAsync(addresses.LeaseBook, BlockTag.Latest, cancellationToken)).Length == 0)
        {
            throw new DwebException(
                Catalogue.WrongContract, $"There is no contract at {addresses.LeaseBook}, the lease book of {settings.DeploymentFile}.", "Dweb__DeploymentFile");
        }
    }

    private static (PrivateKey Scheduler, IReadOnlyList<PrivateKey> Gas) OpenKeystores(KeystoreSettings keystores) => (
        OpenKeystore(keystores.Scheduler, keystores.SchedulerPasswordFile, "Dweb__SchedulerKeystore"),
        [.. keystores.Gas.Select(file => OpenKeystore(file, keystores.GasPasswordFile, "Dweb__GasKeystores"))]);

    private static PrivateKey OpenKeystore(string file, string passwordFile, string setting)
    {
        try
        {
            return KeystoreV3.Decrypt(File.ReadAllText(file), File.ReadAllText(passwordFile).TrimEnd('\r', '\n'));
        }
        catch (KeystoreException refused)
        {
            throw new DwebException(Catalogue.WrongPassword, $"The keystore {file} of {setting} cannot be opened: {refused.Message}", setting, refused);
        }
    }
}
