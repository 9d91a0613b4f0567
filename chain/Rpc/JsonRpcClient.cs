using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Json;
using Dweb.Core.Protocol.Http;

namespace Dweb.Chain.Rpc;

/// <summary>JSON-RPC 2.0 over HTTP: single calls and batches, a time limit for each exchange, and retries of reads only.</summary>
/// <param name="http">The caller's; its own timeout must be longer than <see cref="JsonRpcOptions.Timeout"/>.</param>
public sealed class JsonRpcClient(HttpClient http, Uri endpoint, JsonRpcOptions? options = null, TimeProvider? time = null)
{
    private readonly JsonRpcOptions options = options ?? new JsonRpcOptions();
    private readonly TimeProvider time = time ?? TimeProvider.System;

    public Uri Endpoint { get; } = endpoint;

    /// <exception cref="RpcException">The node answered with an error.</exception>
    /// <exception cref="RpcUnavailableException">No answer, or none that is JSON-RPC.</exception>
    public async Task<JsonElement> SendAsync(RpcRequest request, CancellationToken cancellationToken)
    {
        var body = Write(writer => request.WriteTo(writer, 1));
        var answer = await ExchangeWithRetryAsync(body, request.IsRead, request.Timeout ?? options.Timeout, cancellationToken);
        return ReadResponse(request, answer).Unwrap();
    }

    /// <summary>One HTTP exchange for several requests; the answers come in the order of the requests.</summary>
    /// <exception cref="RpcUnavailableException">No answer, none that is JSON-RPC, or not one for each request.</exception>
    public async Task<IReadOnlyList<RpcResponse>> SendBatchAsync(IReadOnlyList<RpcRequest> requests, CancellationToken cancellationToken)
    {
        if (requests.Count == 0)
        {
            return [];
        }

        var body = Write(writer =>
        {
            writer.WriteStartArray();
            for (int i = 0; i < requests.Count; i++)
            {
                requests[i].WriteTo(writer, i);
            }

            writer.WriteEndArray();
        });
        var timeout = requests.Max(r => r.Timeout ?? options.Timeout);
        var answer = await ExchangeWithRetryAsync(body, requests.All(r => r.IsRead), timeout, cancellationToken);
        return MatchAnswers(requests, answer);
    }

    private RpcResponse[] MatchAnswers(IReadOnlyList<RpcRequest> requests, JsonElement answer)
    {
        if (answer.ValueKind != JsonValueKind.Array)
        {
            // A node that refuses the batch as a whole answers with one error object.
            throw ReadResponse(requests[0], answer).Error ?? (Exception)NotJsonRpc();
        }

        var responses = new RpcResponse?[requests.Count];
        foreach (var item in answer.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty("id", out var idElement)
                || idElement.ValueKind != JsonValueKind.Number || !idElement.TryGetInt32(out int id)
                || id < 0 || id >= responses.Length)
            {
                throw NotJsonRpc();
            }

            responses[id] = ReadResponse(requests[id], item);
        }

        return [.. responses.Select(r => r ?? throw NotJsonRpc())];
    }

    private async Task<JsonElement> ExchangeWithRetryAsync(ReadOnlyMemory<byte> body, bool mayRepeat, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var delay = options.RetryDelay;
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await ExchangeAsync(body, timeout, cancellationToken);
            }
            catch (RpcUnavailableException) when (mayRepeat && attempt < options.ReadAttempts)
            {
                await Task.Delay(delay, time, cancellationToken);
                delay *= 2;
            }
        }
    }

    private async Task<JsonElement> ExchangeAsync(ReadOnlyMemory<byte> body, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var content = new ReadOnlyMemoryContent(body);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var request = new HttpRequestMessage(HttpMethod.Post, Endpoint) { Content = content };
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, linked.Token);
            await response.Content.LoadIntoBufferAsync(options.MaxResponseBytes, linked.Token);
            byte[] bytes = await response.Content.ReadAsByteArrayAsync(linked.Token);
            return Parse(bytes, response);
        }
        catch (OperationCanceledException cancelled) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RpcUnavailableException(Endpoint, $"did not answer within {timeout.TotalSeconds:0.###} s", "Is it overloaded or stopped?", cancelled);
        }
        catch (Exception failure) when (NetworkFaults.Is(failure))
        {
            throw new RpcUnavailableException(
                Endpoint, $"cannot be reached ({failure.Message})", "Check that it runs and that the configured address is right.", failure);
        }
    }

    private JsonElement Parse(byte[] bytes, HttpResponseMessage response)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            var root = document.RootElement.Clone();

            // Some nodes send a JSON-RPC error with an HTTP error status; its code says more than the status.
            bool isRpc = root.ValueKind == JsonValueKind.Array || (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("jsonrpc", out _));
            return isRpc ? root : throw StatusOrFormat(response, null);
        }
        catch (JsonException failure)
        {
            throw StatusOrFormat(response, failure);
        }
    }

    private RpcUnavailableException StatusOrFormat(HttpResponseMessage response, Exception? inner) => response.IsSuccessStatusCode
        ? NotJsonRpc(inner)
        : new RpcUnavailableException(Endpoint, $"answered with HTTP {(int)response.StatusCode}", "Check the address, and the access key if it needs one.", inner);

    private RpcUnavailableException NotJsonRpc(Exception? inner = null) =>
        new(Endpoint, "answered with something that is not JSON-RPC", "Is another program listening there?", inner);

    private RpcResponse ReadResponse(RpcRequest request, JsonElement answer)
    {
        if (answer.ValueKind != JsonValueKind.Object)
        {
            throw NotJsonRpc();
        }

        if (answer.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object)
        {
            int code = error.TryGetProperty("code", out var c) && c.ValueKind == JsonValueKind.Number && c.TryGetInt32(out int n) ? n : 0;
            string message = error.TryGetProperty("message", out var m) && m.ValueKind == JsonValueKind.String ? m.GetString()! : "no message";
            return new RpcResponse(default, new RpcException(request.Method, code, message, error.TryGetProperty("data", out var d) ? d : null));
        }

        return answer.TryGetProperty("result", out var result) ? new RpcResponse(result, null) : throw NotJsonRpc();
    }

    private static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        write(writer);
        writer.Flush();
        return buffer.WrittenMemory;
    }
}
