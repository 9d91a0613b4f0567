using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Dweb.Chain.Rpc;

namespace Dweb.Functions.Tests.Indexing;

/// <summary>The way to a node that is no archive: of all but its newest blocks it has forgotten the state, and says so as such nodes do.</summary>
/// <param name="node">The real one, which tells how far the chain is.</param>
/// <param name="kept">Blocks whose state it has.</param>
internal sealed class PrunedNode(ChainClient node, ulong kept) : DelegatingHandler(new HttpClientHandler())
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var body = JsonDocument.Parse(await request.Content!.ReadAsByteArrayAsync(cancellationToken));
        var asked = body.RootElement;
        return asked.GetProperty("method").GetString() == "eth_call"
            && asked.GetProperty("params")[1] is { ValueKind: JsonValueKind.String } at
            && at.GetString()!.StartsWith("0x", StringComparison.Ordinal)
            && ulong.Parse(at.GetString()![2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) + kept < (await node.GetHeadAsync(cancellationToken)).Number
                ? Forgotten(asked.GetProperty("id").GetRawText())
                : await base.SendAsync(request, cancellationToken);
    }

    private static HttpResponseMessage Forgotten(string id) => new(HttpStatusCode.OK)
    {
        Content = new StringContent($$$"""{"jsonrpc":"2.0","id":{{{id}}},"error":{"code":-32000,"message":"missing trie node"}}""", Encoding.UTF8, "application/json"),
    };
}
