using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Dweb.Chain.Tests.Rpc;

/// <summary>Answers that a healthy node does not give: each request takes the next step; the last one repeats.</summary>
internal sealed class ScriptedNode(params Func<JsonElement, HttpResponseMessage>[] steps) : HttpMessageHandler
{
    public List<string> Methods { get; } = [];

    public static Func<JsonElement, HttpResponseMessage> Text(string body, HttpStatusCode status = HttpStatusCode.OK) =>
        _ => new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    public static Func<JsonElement, HttpResponseMessage> Result(string result) => Text($$"""{"jsonrpc":"2.0","id":1,"result":{{result}}}""");

    public static HttpResponseMessage Refuse(JsonElement request) => throw new HttpRequestException("connection refused");

    /// <summary>Gone as the connection is made: the socket's own words come through.</summary>
    public static HttpResponseMessage Drop(JsonElement request) => throw new SocketException((int)SocketError.NotConnected);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var body = JsonDocument.Parse(await request.Content!.ReadAsByteArrayAsync(cancellationToken));
        var root = body.RootElement.Clone();
        Methods.Add(root.ValueKind == JsonValueKind.Array ? "batch" : root.GetProperty("method").GetString()!);
        return steps[Math.Min(Methods.Count, steps.Length) - 1](root);
    }
}
