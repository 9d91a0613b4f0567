using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace Dweb.Functions.Tests.Kills;

/// <summary>What a request to storage or chain writes, or asks a scheduler member to sign, in a few words; reads have no name.</summary>
public static partial class WriteNames
{
    /// <returns>Null for what writes nothing, or only keeps a lease or a message.</returns>
    public static async Task<string?> OfAsync(string server, HttpRequest request)
    {
        if (server == "chain")
        {
            return await OfCallAsync(request);
        }

        if (server == "member")
        {
            return HttpMethods.IsPost(request.Method) && request.Path == "/api/committee/sign" ? await OfSignatureAsync(request) : null;
        }

        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || request.Query["comp"] == "lease")
        {
            return null;
        }

        string[] path = request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries)[1..];
        return server switch
        {
            "queue" => path is [var queue, "messages", ..] ? Message(request.Method, queue) : null,
            "table" => path is ["$batch"] ? $"rows of {Table().Match(await BodyAsync(request)).Groups["table"].Value}" : Row(request.Method, path[0]),
            _ => path.Length > 1 ? $"blob of {path[0]}" : null,
        };
    }

    private static string? Message(string method, string queue) =>
        HttpMethods.IsPost(method) ? $"message to {queue}" : HttpMethods.IsDelete(method) ? $"message of {queue} deleted" : null;

    private static string? Row(string method, string path) => path == "Tables" ? null
        : $"row of {path.Split('(')[0]}{(HttpMethods.IsDelete(method) ? " deleted" : HttpMethods.IsPost(method) ? " inserted" : " changed")}";

    private static async Task<string?> OfCallAsync(HttpRequest request)
    {
        using var call = JsonDocument.Parse(await BodyAsync(request));
        return call.RootElement.ValueKind == JsonValueKind.Object && call.RootElement.GetProperty("method").GetString()!.StartsWith("eth_sendRawTransaction", StringComparison.Ordinal)
            ? "transaction"
            : null;
    }

    private static async Task<string> OfSignatureAsync(HttpRequest request)
    {
        using var asked = JsonDocument.Parse(await BodyAsync(request));
        return "signature of " + asked.RootElement.GetProperty("kind").GetString();
    }

    private static async Task<string> BodyAsync(HttpRequest request)
    {
        request.EnableBuffering();
        using var reader = new StreamReader(request.Body, Encoding.UTF8, leaveOpen: true);
        string body = await reader.ReadToEndAsync();
        request.Body.Position = 0;
        return body;
    }

    [GeneratedRegex("/devstoreaccount1/(?<table>dweb[A-Za-z]+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Table();
}
