using System.Globalization;
using System.Text.Json;
using Dweb.Chain.Signing;
using Dweb.Core.Protocol.Http;

namespace Dweb.Benchmarks.Agents;

/// <summary>What one agent will send, signed beforehand: a control plane is measured, not the signing of its load.</summary>
internal sealed class SignedRequests
{
    private readonly string poll;
    private readonly (string Name, string Value)[] pollHeaders;
    private readonly string beat;
    private readonly List<(byte[] Body, (string Name, string Value)[] Headers)> beats = [];

    public SignedRequests(RegisteredCoe coe, int beatCount, long at)
    {
        (poll, beat) = ($"/api/coes/{coe.Coe}/assignments", $"/api/coes/{coe.Coe}/heartbeat");
        pollHeaders = Headers("GET", poll, [], coe.Agent, at);
        string agent = Guid.NewGuid().ToString("N");
        for (ulong sequence = 1; sequence <= (ulong)beatCount; sequence++)
        {
            byte[] body = JsonSerializer.SerializeToUtf8Bytes(new HeartbeatRequest(agent, 1, sequence, "bench", []), DwebJson.Default.HeartbeatRequest);
            beats.Add((body, Headers("POST", beat, body, coe.Agent, at)));
        }
    }

    public HttpRequestMessage Poll(string? etag)
    {
        var request = With(new HttpRequestMessage(HttpMethod.Get, poll), pollHeaders);
        if (etag is not null)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", etag);
        }

        return request;
    }

    public HttpRequestMessage Beat(int number)
    {
        var (body, headers) = beats[number];
        var request = new HttpRequestMessage(HttpMethod.Post, beat) { Content = new ByteArrayContent(body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        return With(request, headers);
    }

    private static (string Name, string Value)[] Headers(string method, string path, byte[] body, PrivateKey key, long at) =>
    [
        (RequestSigning.TimestampHeader, at.ToString(CultureInfo.InvariantCulture)),
        (RequestSigning.SignatureHeader, key.SignDigest(Eip191.HashMessage(RequestSigning.Message(method, path, at, body))).ToString()),
    ];

    private static HttpRequestMessage With(HttpRequestMessage request, (string Name, string Value)[] headers)
    {
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }
}
