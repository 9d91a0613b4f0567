using System.Globalization;
using System.Text.Json;
using Dweb.Local.Layout;
using Dweb.Local.Processes;

namespace Dweb.Local.Stack.Parts;

/// <summary>The local chain: anvil, one block a second and one for each transaction, so that time passes without anybody paying for it.</summary>
internal sealed class ChainPart(Repository repository, StateFolder state, Addresses addresses)
{
    private const string Name = "anvil";
    private const int Accounts = 24;

    private string AccountsFile => Path.Combine(state.DataOf(Name), "accounts.json");

    public PartPlan Plan() => new(
        Name,
        new Launch(
            repository.NpmBinary("anvil"),
            "--host", "127.0.0.1", "--port", addresses.Chain.ToString(CultureInfo.InvariantCulture),
            "--mixed-mining", "--block-time", "1", "--slots-in-an-epoch", "1",
            "--accounts", Accounts.ToString(CultureInfo.InvariantCulture),
            "--config-out", AccountsFile,
            "--quiet")
        {
            Folder = state.DataOf(Name),
        },
        async stop => File.Exists(AccountsFile) && await HttpProbe.AnswersRpc(addresses.Rpc, stop))
    {
        Ports = new Dictionary<string, int> { ["rpc"] = addresses.Chain },
    };

    /// <summary>The private keys that the chain gave gas to when it began. They are the same on every such chain: everybody knows them.</summary>
    public async Task<IReadOnlyList<string>> PublicKeys(CancellationToken stop)
    {
        using var document = JsonDocument.Parse(await File.ReadAllTextAsync(AccountsFile, stop));
        return [.. document.RootElement.GetProperty("private_keys").EnumerateArray().Select(k => k.GetString()!)];
    }
}
