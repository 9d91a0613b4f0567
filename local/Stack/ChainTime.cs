using System.Globalization;
using System.Text.Json;

namespace Dweb.Local.Stack;

/// <summary>The chain's own clock.</summary>
internal sealed class ChainTime(string rpc)
{
    private const string Question = """{"jsonrpc":"2.0","id":1,"method":"eth_getBlockByNumber","params":["latest",false]}""";
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);
    private static readonly HttpClient Client = new(new SocketsHttpHandler { UseProxy = false });

    /// <summary>Returns once the newest block is of a time, in Unix seconds, or later.</summary>
    public async Task Reach(long time, CancellationToken stop)
    {
        while (await Now(stop) < time)
        {
            await Task.Delay(Poll, stop);
        }
    }

    private async Task<long> Now(CancellationToken stop)
    {
        using var content = new StringContent(Question, System.Text.Encoding.UTF8, "application/json");
        using var answer = await Client.PostAsync(new Uri(rpc), content, stop);
        answer.EnsureSuccessStatusCode();
        using var document = await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(stop), cancellationToken: stop);
        return long.Parse(document.RootElement.GetProperty("result").GetProperty("timestamp").GetString()![2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }
}
