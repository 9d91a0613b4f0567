using System.Net;

namespace Dweb.Local.Stack;

/// <summary>Asks a part over HTTP whether it serves.</summary>
internal static class HttpProbe
{
    private static readonly HttpClient Client = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(5) };

    /// <summary>Whether a part answers an address with one of some codes; false while nobody listens.</summary>
    public static async Task<bool> Answers(string url, CancellationToken stop, params IReadOnlyList<HttpStatusCode> codes)
    {
        try
        {
            using var answer = await Client.GetAsync(new Uri(url), HttpCompletionOption.ResponseHeadersRead, stop);
            return codes.Contains(answer.StatusCode);
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (TaskCanceledException) when (!stop.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>The code with which an address answers, or null when nobody does.</summary>
    public static async Task<(HttpStatusCode Code, string Body)?> Get(string url, CancellationToken stop)
    {
        try
        {
            using var answer = await Client.GetAsync(new Uri(url), stop);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync(stop));
        }
        catch (HttpRequestException)
        {
            return null;
        }
        catch (TaskCanceledException) when (!stop.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Whether a JSON-RPC endpoint answers.</summary>
    public static async Task<bool> AnswersRpc(string url, CancellationToken stop)
    {
        try
        {
            using var question = new StringContent("""{"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":[]}""", System.Text.Encoding.UTF8, "application/json");
            using var answer = await Client.PostAsync(new Uri(url), question, stop);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (TaskCanceledException) when (!stop.IsCancellationRequested)
        {
            return false;
        }
    }
}
