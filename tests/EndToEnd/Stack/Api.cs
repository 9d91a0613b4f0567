using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dweb.Chain.Signing;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;

namespace Dweb.EndToEnd.Tests.Stack;

/// <summary>The control plane's API, spoken by hand: what no honest client would send can be sent.</summary>
internal sealed class Api(Uri endpoint) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = endpoint, Timeout = TimeSpan.FromMinutes(1) };

    /// <summary>Host and port.</summary>
    public string Authority => endpoint.Authority;

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => _http.SendAsync(request, cancellationToken);

    /// <summary>Sends what has to be refused.</summary>
    public async Task<Problem> RefusedAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var response = await _http.SendAsync(request, cancellationToken);
        string body = await response.Content.ReadAsStringAsync(cancellationToken);
        Assert.False(response.IsSuccessStatusCode, $"{request.Method} {request.RequestUri} was taken: {body}");
        Assert.Equal(Problem.ContentType, response.Content.Headers.ContentType?.MediaType);
        var problem = JsonSerializer.Deserialize(body, DwebJson.Default.Problem)!;
        Assert.Equal(((int)response.StatusCode, "urn:dweb:error:" + problem.Code), (problem.Status, problem.Type));
        return problem;
    }

    /// <summary>Sends what has to be taken.</summary>
    public async Task<T> TakenAsync<T>(HttpRequestMessage request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var response = await _http.SendAsync(request, cancellationToken);
        string body = await response.Content.ReadAsStringAsync(cancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{request.Method} {request.RequestUri} answered {(int)response.StatusCode}: {body}");
        return JsonSerializer.Deserialize(body, type)!;
    }

    public async Task<string> LoginAsync(PrivateKey wallet, CancellationToken cancellationToken)
    {
        var question = Post("/api/login/challenge", new ChallengeRequest(wallet.Address), DwebJson.Default.ChallengeRequest);
        var challenge = await TakenAsync(question, DwebJson.Default.ChallengeResponse, cancellationToken);
        var answer = new LoginRequest(challenge.Message, wallet.SignDigest(Eip191.HashMessage(challenge.Message)));
        return (await TakenAsync(Post("/api/login", answer, DwebJson.Default.LoginRequest), DwebJson.Default.LoginResponse, cancellationToken)).Token;
    }

    public static HttpRequestMessage Get(string path, string? login) => new(HttpMethod.Get, path)
    {
        Headers = { Authorization = login is null ? null : new AuthenticationHeaderValue("Bearer", login) },
    };

    public static HttpRequestMessage Post<T>(string path, T message, JsonTypeInfo<T> type) => Post(path, JsonSerializer.Serialize(message, type));

    public static HttpRequestMessage Post(string path, string json) => new(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };

    /// <summary>A request as an agent signs it.</summary>
    public static HttpRequestMessage Signed(string path, string json, PrivateKey key) => Signed(HttpMethod.Post, path, json, key);

    public static HttpRequestMessage Signed(HttpMethod method, string path, string json, PrivateKey key)
    {
        var request = method == HttpMethod.Get ? Get(path, login: null) : Post(path, json);
        long at = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        string message = RequestSigning.Message(method.Method, path, at, Encoding.UTF8.GetBytes(json));
        request.Headers.Add(RequestSigning.TimestampHeader, at.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(RequestSigning.SignatureHeader, key.SignDigest(Eip191.HashMessage(message)).ToString());
        return request;
    }

    public void Dispose() => _http.Dispose();
}
