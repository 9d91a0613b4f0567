using System.Text.Json;
using Dweb.Core.Protocol;

namespace Dweb.Cli.Home;

/// <summary>Tokens of logins, a file a wallet and control plane, readable by their owner only. A lost one costs one more signature.</summary>
internal sealed class LoginStore(string folder)
{
    /// <returns>Null when there is none, or none that can be read.</returns>
    public StoredLogin? Read(EvmAddress wallet, Uri endpoint)
    {
        string path = PathOf(wallet, endpoint);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), HomeJson.Default.StoredLogin);
        }
        catch (JsonException)
        {
            // A cache: what cannot be read is asked for again.
            return null;
        }
    }

    public void Write(EvmAddress wallet, Uri endpoint, StoredLogin login) =>
        PrivateFile.Write(PathOf(wallet, endpoint), JsonSerializer.Serialize(login, HomeJson.Default.StoredLogin), replace: true);

    public void Forget(EvmAddress wallet, Uri endpoint) => File.Delete(PathOf(wallet, endpoint));

    private string PathOf(EvmAddress wallet, Uri endpoint) =>
        Path.Combine(folder, Keccak256.Hash($"{endpoint.GetLeftPart(UriPartial.Authority)} {wallet}").ToString()[2..34] + ".json");
}
