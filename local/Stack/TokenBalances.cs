using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dweb.Local.Stack;

/// <summary>Asks the token itself what accounts hold, without any program that also keeps the ledger.</summary>
internal sealed class TokenBalances(string rpc, string token)
{
    // balanceOf(address)
    private const string Selector = "0x70a08231";
    private static readonly HttpClient Client = new(new SocketsHttpHandler { UseProxy = false });

    /// <summary>Wei of DWEB by account, in one question to the chain; keys in lower case.</summary>
    public async Task<IReadOnlyDictionary<string, BigInteger>> Of(IReadOnlyList<string> accounts, CancellationToken stop)
    {
        var questions = new JsonArray([.. accounts.Select((account, i) => new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = i,
            ["method"] = "eth_call",
            ["params"] = new JsonArray(new JsonObject { ["to"] = token, ["data"] = Selector + account[2..].PadLeft(64, '0') }, "latest"),
        })]);
        using var content = new StringContent(questions.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
        using var answer = await Client.PostAsync(new Uri(rpc), content, stop);
        answer.EnsureSuccessStatusCode();
        using var document = await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(stop), cancellationToken: stop);
        return document.RootElement.EnumerateArray().ToDictionary(
            a => accounts[a.GetProperty("id").GetInt32()].ToLowerInvariant(),
            a => a.TryGetProperty("result", out var result)
                ? BigInteger.Parse("0" + result.GetString()![2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
                : throw new LocalException($"The chain does not answer for the token {token}: {a}", "Were the contracts deployed to this chain?"),
            StringComparer.Ordinal);
    }
}
