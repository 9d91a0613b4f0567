using System.Text.Json;
using Dweb.Core.Protocol;

namespace Dweb.Chain.Contracts;

/// <summary>Where the contracts of one deployment are.</summary>
/// <param name="Block">A block before the first of them was created: where reading their logs begins.</param>
public sealed record ContractAddresses(
    ulong ChainId,
    ulong Block,
    EvmAddress DwebToken,
    EvmAddress CodeRegistry,
    EvmAddress ContainerRegistry,
    EvmAddress CoeOsRegistry,
    EvmAddress CoeRegistry,
    EvmAddress SchedulerCommittee,
    EvmAddress ProtocolSettings,
    EvmAddress RoyaltyPool,
    EvmAddress LeaseBook,
    EvmAddress DaoFactory,
    EvmAddress Treasury);

/// <summary>The file that the contracts' deployment writes and every program reads.</summary>
public static class DeploymentFile
{
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="FormatException">It is not the JSON of a deployment.</exception>
    public static ContractAddresses Load(string path) => Parse(File.ReadAllBytes(path));

    /// <exception cref="FormatException">It is not the JSON of a deployment.</exception>
    public static ContractAddresses Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            var contracts = root.GetProperty("contracts");
            EvmAddress At(string name) => EvmAddress.Parse(contracts.GetProperty(name).GetString() ?? "");
            return new ContractAddresses(
                root.GetProperty("chainId").GetUInt64(),
                root.GetProperty("block").GetUInt64(),
                At("DwebToken"),
                At("CodeRegistry"),
                At("ContainerRegistry"),
                At("CoeOsRegistry"),
                At("CoeRegistry"),
                At("SchedulerCommittee"),
                At("ProtocolSettings"),
                At("RoyaltyPool"),
                At("LeaseBook"),
                At("DaoFactory"),
                EvmAddress.Parse(root.GetProperty("treasury").GetString() ?? ""));
        }
        catch (Exception malformed) when (malformed is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException($"This is not the JSON of a deployment: {malformed.Message}", malformed);
        }
    }
}
