using Dweb.Agent.Settings;
using Dweb.Chain.Contracts;

namespace Dweb.Agent.Startup;

/// <summary>Reads where the contracts are, and holds the file against the rest of the settings.</summary>
internal static class Deployment
{
    /// <exception cref="SettingsException">The file cannot be read, or is of another chain.</exception>
    public static ContractAddresses Load(AgentSettings settings)
    {
        try
        {
            var contracts = DeploymentFile.Load(settings.DeploymentFile);
            return contracts.ChainId == settings.ChainId ? contracts : throw new SettingsException(
                [$"deploymentFile: '{settings.DeploymentFile}' is of chain {contracts.ChainId}; 'chainId' is {settings.ChainId}."]);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new SettingsException([$"deploymentFile: '{settings.DeploymentFile}' cannot be read: {failure.Message}"]);
        }
    }
}
