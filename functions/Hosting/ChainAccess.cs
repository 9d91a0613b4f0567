using Dweb.Chain.Contracts;
using Dweb.Chain.Keystores;
using Dweb.Chain.Rpc;
using Dweb.Chain.Signing;
using Dweb.Core.Protocol.Errors;
using Dweb.Functions.Indexing;
using Dweb.Functions.Settings;

namespace Dweb.Functions.Hosting;

/// <summary>The chain as this process reads it, opened and checked at start: endpoint and contracts.</summary>
internal sealed record ChainAccess(ChainClient Client, ChainContracts Contracts, ProtocolParameters Parameters)
{
    /// <exception cref="DwebException">The chain is away or another one, or the contracts are not there.</exception>
    public static async Task<ChainAccess> OpenAsync(ProgramSettings settings, HttpClient http, CancellationToken cancellationToken)
    {
        var addresses = LoadAddresses(settings.DeploymentFile);
        var client = new ChainClient(new JsonRpcClient(http, settings.RpcUrl));
        var contracts = new ChainContracts(addresses, client);
        try
        {
            await CheckChainAsync(client, addresses, settings, cancellationToken);
            return new ChainAccess(client, contracts, await ProtocolParameters.ReadAsync(contracts, cancellationToken));
        }
        catch (RpcUnavailableException away)
        {
            throw new DwebException(Catalogue.ChainUnreachable, $"The chain's RPC endpoint {away.Endpoint} {away.What}.", "Dweb__RpcUrl", away);
        }
    }

    /// <param name="setting">That named the file.</param>
    /// <exception cref="DwebException">It cannot be opened.</exception>
    public static PrivateKey OpenKeystore(string file, string passwordFile, string setting)
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

    /// <exception cref="DwebException">It cannot be opened.</exception>
    public static PrivateKey OpenScheduler(KeystoreFile keystore) => OpenKeystore(keystore.Path, keystore.PasswordFile, "Dweb__SchedulerKeystore");

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

    private static async Task CheckChainAsync(ChainClient client, ContractAddresses addresses, ProgramSettings settings, CancellationToken cancellationToken)
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
}
