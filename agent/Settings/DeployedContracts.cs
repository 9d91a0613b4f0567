using System.Text.Json;
using Dweb.Core.Protocol;

namespace Dweb.Agent.Settings;

/// <summary>The contracts that the agent reads, from the deployment file.</summary>
internal sealed record DeployedContracts(EvmAddress LeaseBook, EvmAddress CoeRegistry)
{
    /// <exception cref="SettingsException">The file cannot be read, lacks a contract, or is of another chain.</exception>
    public static DeployedContracts Load(AgentSettings settings)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(settings.DeploymentFile));
            var root = document.RootElement;
            ulong chainId = root.GetProperty("chainId").GetUInt64();
            var contracts = root.GetProperty("contracts");
            return chainId == settings.ChainId
                ? new DeployedContracts(EvmAddress.Parse(contracts.GetProperty(nameof(LeaseBook)).GetString()!), EvmAddress.Parse(contracts.GetProperty(nameof(CoeRegistry)).GetString()!))
                : throw new SettingsException([$"deploymentFile: '{settings.DeploymentFile}' is of chain {chainId}; 'chainId' is {settings.ChainId}."]);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new SettingsException([$"deploymentFile: '{settings.DeploymentFile}' cannot be read as a deployment: {failure.Message}"]);
        }
    }
}
