using System.Text.Json;
using Dweb.Local.Layout;
using Dweb.Local.Processes;

namespace Dweb.Local.Stack;

/// <summary>Does what a person would do, by the program that a person would use.</summary>
internal sealed class Cli(Repository repository, StateFolder state, Tool tool, WalletBook wallets)
{
    /// <summary>Folder of the wallets and settings of the stack's people.</summary>
    public string Home => wallets.Home;

    /// <summary>Runs a verb as the owner of a wallet and returns what it answers.</summary>
    /// <exception cref="LocalException">It failed; the message holds what it said.</exception>
    public async Task<JsonElement> Run(string wallet, CancellationToken stop, params IReadOnlyList<string> arguments)
    {
        var result = await tool.Run(Launch(wallet, [.. arguments, "--yes", "--json"]), heard: null, stop);
        if (!result.Succeeded)
        {
            throw new LocalException(
                $"'dweb {string.Join(' ', arguments)}' as {wallet} ended with {result.ExitCode}:\n{result.Tail()}",
                $"Logs of the parts are in {state.Logs}.");
        }

        try
        {
            using var document = JsonDocument.Parse(result.Output);
            return document.RootElement.Clone();
        }
        catch (JsonException notJson)
        {
            throw new LocalException($"'dweb {string.Join(' ', arguments)} --json' printed no JSON:\n{result.Output}", "This is a fault of the program.", notJson);
        }
    }

    public Launch Launch(string wallet, IReadOnlyList<string> arguments) =>
        Processes.Launch.Dotnet(repository.Cli, arguments) with
        {
            Folder = repository.Root,
            Environment = new Dictionary<string, string>
            {
                ["DWEB_HOME"] = wallets.Home,
                ["DWEB_WALLET"] = wallet,
                ["DWEB_PASSWORD_FILE"] = wallets.PasswordFile,
                ["NO_COLOR"] = "1",
            },
        };
}
