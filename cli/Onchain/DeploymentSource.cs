using System.Text;
using Dweb.Chain.Contracts;
using Dweb.Cli.Home;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Cli.Onchain;

/// <summary>Where the contracts are: a file that the settings name, or the settings themselves.</summary>
internal static class DeploymentSource
{
    /// <exception cref="DwebException">Neither, or not of the form of a deployment file.</exception>
    public static ContractAddresses Read(DwebHome home, HomeSettings settings) => ReadWhole(home, settings).Addresses;

    /// <returns>The text that was read, for whoever hands it on, and what it says.</returns>
    /// <exception cref="DwebException">As above.</exception>
    public static (string Text, ContractAddresses Addresses) ReadWhole(DwebHome home, HomeSettings settings)
    {
        string source = Path.Combine(home.Folder, "config.json");
        try
        {
            string text;
            if (settings.Deployment is { } inline)
            {
                text = inline.GetRawText();
            }
            else if (settings.DeploymentFile is { Length: > 0 } named)
            {
                source = home.Resolve(named);
                text = File.ReadAllText(source);
            }
            else
            {
                throw new DwebException(
                    Catalogue.InvalidSetting, $"There is no 'deploymentFile' in {source}: the addresses of the contracts are not known.", "deploymentFile");
            }

            return (text, DeploymentFile.Parse(Encoding.UTF8.GetBytes(text)));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new DwebException(Catalogue.InvalidSetting, $"{source} cannot be read as a deployment file: {fault.Message}", "deploymentFile", fault);
        }
    }
}
