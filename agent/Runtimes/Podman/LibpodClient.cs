using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dweb.Agent.Runtimes.Docker;

namespace Dweb.Agent.Runtimes.Podman;

/// <summary>Podman's own API, on the socket on which it also serves Docker's: for what the latter has no words for.</summary>
internal sealed class LibpodClient : IDisposable
{
    // The oldest whose words are used here.
    private const string Version = "v4.0.0/libpod/";

    private readonly HttpClient http;
    private readonly EngineCalls calls;

    public LibpodClient(Uri engine, EngineCalls calls)
    {
        this.calls = calls;
        bool isSocket = engine.Scheme == "unix";
        var handler = new SocketsHttpHandler { UseProxy = false };
        if (isSocket)
        {
            handler.ConnectCallback = (_, cancellationToken) => ConnectAsync(engine.LocalPath, cancellationToken);
        }

        http = new HttpClient(handler) { BaseAddress = new Uri(isSocket ? "http://podman/" : $"http://{engine.Authority}/"), Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Sends a document and reads the one that answers.</summary>
    /// <param name="path">Below Podman's own part of the API, with its query.</param>
    /// <exception cref="RuntimeException">Podman refused or did not answer.</exception>
    public async Task<TAnswer> PostAsync<TDocument, TAnswer>(
        string path, TDocument document, JsonTypeInfo<TDocument> type, JsonTypeInfo<TAnswer> answer, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Version + path) { Content = JsonContent.Create(document, type) };
        return Read(await SendAsync(request, cancellationToken), answer);
    }

    /// <summary>Sends no document and reads the one that answers.</summary>
    /// <param name="path">Below Podman's own part of the API, with its query.</param>
    /// <exception cref="RuntimeException">Podman refused or did not answer.</exception>
    public async Task<TAnswer> PostAsync<TAnswer>(string path, JsonTypeInfo<TAnswer> answer, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Version + path);
        return Read(await SendAsync(request, cancellationToken), answer);
    }

    /// <summary>Reads a document.</summary>
    /// <param name="path">Below Podman's own part of the API, with its query.</param>
    /// <exception cref="RuntimeException">Podman refused or did not answer.</exception>
    public async Task<TAnswer> GetAsync<TAnswer>(string path, JsonTypeInfo<TAnswer> answer, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Version + path);
        return Read(await SendAsync(request, cancellationToken), answer);
    }

    /// <exception cref="RuntimeException">Podman refused or did not answer.</exception>
    public async Task DeleteAsync(string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, Version + path);
        await SendAsync(request, cancellationToken);
    }

    public void Dispose() => http.Dispose();

    private Task<byte[]> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => calls.RunAsync(async () =>
    {
        using var answer = await http.SendAsync(request, cancellationToken);
        byte[] body = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
        return answer.IsSuccessStatusCode ? body : throw calls.Refusal(answer.StatusCode, System.Text.Encoding.UTF8.GetString(body));
    });

    private T Read<T>(byte[] body, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(body, type) ?? throw new JsonException("It is null.");
        }
        catch (JsonException failure)
        {
            throw new RuntimeException(RuntimeFault.Refused, $"{calls.Name} answers what cannot be read: {failure.Message}", failure);
        }
    }

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
