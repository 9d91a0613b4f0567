using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dweb.Chain.Signing;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Functions.Tests.Host;

namespace Dweb.Functions.Tests.Stack;

/// <summary>The program as a user runs it: a process with settings in its environment.</summary>
/// <param name="address">Where it is spoken to.</param>
/// <param name="port">Where it listens itself, if that is elsewhere.</param>
/// <param name="app">What was published, if that is to run and not what was built.</param>
public sealed class ControlPlane(IReadOnlyDictionary<string, string> settings, Uri address, int? port = null, PublishedApp? app = null) : IAsyncDisposable
{
    private readonly HttpClient http = new() { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };
    private ChildProcess? process;

    public Uri Address => address;

    public string Output => process?.Output ?? "";

    public static ChildProcess Launch(IReadOnlyDictionary<string, string> settings, params string[] arguments) =>
        new("dotnet", [Path.Combine(AppContext.BaseDirectory, "dweb-functions.dll"), .. arguments], AppContext.BaseDirectory, settings);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        process = app is null ? Launch(settings) : await app.StartAsync(settings);
        await process.WaitForPortAsync(port ?? address.Port, cancellationToken);
    }

    /// <summary>It listens before it has read the chain.</summary>
    public Task UntilReadyAsync(CancellationToken cancellationToken) => UntilReadyAsync(http, cancellationToken);

    public static async Task UntilReadyAsync(HttpClient http, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/coes");
            using var response = await http.SendAsync(request, cancellationToken);
            if (response.StatusCode != HttpStatusCode.ServiceUnavailable)
            {
                return;
            }
        }
    }

    public async Task KillAsync()
    {
        await process!.KillAsync();
        await process.DisposeAsync();
        process = null;
    }

    /// <summary>Asks it to end, as a supervisor or a host does.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        process!.Stop();
        int code = await process.WaitForExitAsync(cancellationToken);
        Assert.True(code == 0, $"{code}: {process.Output}");
        await process.DisposeAsync();
        process = null;
    }

    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => await http.SendAsync(request, cancellationToken);

    public async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, string? token, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return await ReadAsync(request, type, cancellationToken);
    }

    public async Task<TOut> PostAsync<TIn, TOut>(string path, TIn body, JsonTypeInfo<TIn> type, JsonTypeInfo<TOut> answer, CancellationToken cancellationToken)
    {
        using var request = Post(path, JsonSerializer.SerializeToUtf8Bytes(body, type));
        return await ReadAsync(request, answer, cancellationToken);
    }

    /// <summary>Sends a body that is expected to be refused.</summary>
    public async Task<Problem> RefusedAsync(string path, byte[] body, CancellationToken cancellationToken)
    {
        using var request = Post(path, body);
        return await RefusedAsync(request, cancellationToken);
    }

    public async Task<Problem> RefusedAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var response = await http.SendAsync(request, cancellationToken);
        byte[] bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        Assert.False(response.IsSuccessStatusCode, $"{response.StatusCode}: {Encoding.UTF8.GetString(bytes)}");
        Assert.Equal(Problem.ContentType, response.Content.Headers.ContentType?.MediaType);
        var problem = JsonSerializer.Deserialize(bytes, DwebJson.Default.Problem)!;
        Assert.Equal((int)response.StatusCode, problem.Status);
        return problem;
    }

    public async Task<string> LoginAsync(PrivateKey wallet, CancellationToken cancellationToken)
    {
        var challenge = await PostAsync(
            "/api/login/challenge", new ChallengeRequest(wallet.Address), DwebJson.Default.ChallengeRequest, DwebJson.Default.ChallengeResponse, cancellationToken);
        var login = new LoginRequest(challenge.Message, wallet.SignDigest(Eip191.HashMessage(challenge.Message)));
        return (await PostAsync("/api/login", login, DwebJson.Default.LoginRequest, DwebJson.Default.LoginResponse, cancellationToken)).Token;
    }

    public static HttpRequestMessage Post(string path, byte[] body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return request;
    }

    /// <summary>Signs a request as an agent does.</summary>
    public static HttpRequestMessage Sign(HttpRequestMessage request, byte[] body, PrivateKey key, long? timestampMs = null)
    {
        long at = timestampMs ?? TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        string message = RequestSigning.Message(request.Method.Method, request.RequestUri!.ToString(), at, body);
        request.Headers.Add(RequestSigning.TimestampHeader, at.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(RequestSigning.SignatureHeader, key.SignDigest(Eip191.HashMessage(message)).ToString());
        return request;
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        if (process is not null)
        {
            await process.DisposeAsync();
        }
    }

    private async Task<T> ReadAsync<T>(HttpRequestMessage request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var response = await http.SendAsync(request, cancellationToken);
        byte[] bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        Assert.True(response.StatusCode is HttpStatusCode.OK or HttpStatusCode.Accepted, $"{response.StatusCode}: {Encoding.UTF8.GetString(bytes)}\n{Output}");
        return JsonSerializer.Deserialize(bytes, type)!;
    }
}
