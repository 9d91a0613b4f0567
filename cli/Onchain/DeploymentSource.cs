using System.Text.Json;
using Dweb.Cli.Home;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Cli.Onchain;

/// <summary>Where a deployment's contracts are.</summary>
/// <param name="Block">The first block that is worth reading.</param>
internal sealed record ContractAddresses(
    ulong ChainId, ulong Block, EvmAddress DwebToken, EvmAddress CodeRegistry, EvmAddress ContainerRegistry, EvmAddress CoeRegistry,
    EvmAddress SchedulerCommittee, EvmAddress RoyaltyPool, EvmAddress LeaseBook, EvmAddress Treasury);

/// <summary>Where the contracts are: a file that the settings name, or the settings themselves.</summary>
internal static class DeploymentSource
{
    /// <exception cref="DwebException">Neither, or not of the form of a deployment file.</exception>
    public static ContractAddresses Read(DwebHome home, HomeSettings settings)
    {
        if (settings.Deployment is { } inline)
        {
            return Read(inline, Path.Combine(home.Folder, "config.json"));
        }

        if (settings.DeploymentFile is not { Length: > 0 } named)
        {
            throw new DwebException(
                Catalogue.InvalidSetting, $"There is no 'deploymentFile' in {Path.Combine(home.Folder, "config.json")}: the addresses of the contracts are not known.", "deploymentFile");
        }

        string path = home.Resolve(named);
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return Read(document.RootElement, path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new DwebException(Catalogue.InvalidSetting, $"The deployment file {path} cannot be read: {fault.Message}", "deploymentFile", fault);
        }
    }

    private static ContractAddresses Read(JsonElement root, string source)
    {
        try
        {
            var contracts = root.GetProperty("contracts");
            EvmAddress At(JsonElement of, string name) => EvmAddress.Parse(of.GetProperty(name).GetString() ?? "");
            return new ContractAddresses(
                root.GetProperty("chainId").GetUInt64(), root.GetProperty("block").GetUInt64(), At(contracts, "DwebToken"), At(contracts, "CodeRegistry"),
                At(contracts, "ContainerRegistry"), At(contracts, "CoeRegistry"), At(contracts, "SchedulerCommittee"), At(contracts, "RoyaltyPool"),
                At(contracts, "LeaseBook"), At(root, "treasury"));
        }
        catch (Exception fault) when (fault is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new DwebException(Catalogue.InvalidSetting, $"{source} is no deployment file: {fault.Message}", "deployment", fault);
        }
    }
}
