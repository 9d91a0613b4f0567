using System.Text;
using Dweb.Chain.Contracts;
using Dweb.Cli.Home;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Cli.Onchain;

/// <summary>Where the contracts are: a file that the settings name, or the settings themselves.</summary>
internal static class DeploymentSource
{
    /// <exception cref="DwebException">Neither, or not of the form of a deployment file.</exception>
    public static ContractAddresses Read(DwebHome home, HomeSettings settings)
    {
        string source = Path.Combine(home.Folder, "config.json");
        try
        {
            if (settings.Deployment is { } inline)
            {
                return DeploymentFile.Parse(Encoding.UTF8.GetBytes(inline.GetRawText()));
            }

            if (settings.DeploymentFile is not { Length: > 0 } named)
            {
                throw new DwebException(
                    Catalogue.InvalidSetting, $"There is no 'deploymentFile' in {source}: the addresses of the contracts are not known.", "deploymentFile");
            }

            source = home.Resolve(named);
            return DeploymentFile.Load(source);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new DwebException(Catalogue.InvalidSetting, $"{source} cannot be read as a deployment file: {fault.Message}", "deploymentFile", fault);
        }
    }
}
