using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;

namespace Dweb.Cli.ControlPlane;

/// <summary>
/// The control plane's HTTP interface. A problem that it answers is thrown as it came; no answer is "unreachable". Every method
/// throws <see cref="ProblemException"/> or <see cref="DwebException"/>.
/// </summary>
/// <param name="traceParent">The W3C trace to which the requests belong; passed on when it is one.</param>
internal sealed class ControlPlaneClient(HttpClient http, Uri endpoint, string? traceParent = null)
{
    /// <summary>Whoever traces what a command causes says in this variable of the environment to which trace that belongs.</summary>
    public const string TraceVariable = "TRACEPARENT";

    private readonly string? trace = ActivityContext.TryParse(traceParent, null, out _) ? traceParent : null;

    public Uri Endpoint { get; } = endpoint;

    public Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, string? bearer, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, path, null, Reader(type), bearer, cancellationToken);

    /// <summary>The answer as it came, of what is known by its hash.</summary>
    public Task<byte[]> GetBytesAsync(string path, CancellationToken cancellationToken) => SendAsync(HttpMethod.Get, path, null, static answer => answer, null, cancellationToken);

    public Task<TAnswer> PostAsync<TBody, TAnswer>(
        string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> answerType, CancellationToken cancellationToken, string? bearer = null) =>
        SendAsync(HttpMethod.Post, path, JsonSerializer.SerializeToUtf8Bytes(body, bodyType), Reader(answerType), bearer, cancellationToken);

    public Task<T> DeleteAsync<T>(string path, JsonTypeInfo<T> type, string? bearer, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Delete, path, null, Reader(type), bearer, cancellationToken);

    private static Func<byte[], T?> Reader<T>(JsonTypeInfo<T> type) => answer => JsonSerializer.Deserialize(answer, type);

    private async Task<T> SendAsync<T>(HttpMethod method, string path, byte[]? body, Func<byte[], T?> read, string? bearer, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(Endpoint, path));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        request.Headers.Authorization = bearer is null ? null : new AuthenticationHeaderValue("Bearer", bearer);
        if (trace is not null)
        {
            request.Headers.Add("traceparent", trace);
        }

        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            byte[] answer = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            return response.IsSuccessStatusCode
                ? read(answer) ?? throw Foreign(path, response.StatusCode, null)
                : throw Refusal(path, response, answer);
        }
        catch (Exception fault) when (NetworkFaults.Is(fault))
        {
            throw new DwebException(Catalogue.ControlPlaneUnreachable, $"The control plane at {Endpoint} does not answer: {fault.Message}", inner: fault);
        }
        catch (OperationCanceledException fault) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DwebException(Catalogue.ControlPlaneUnreachable, $"The control plane at {Endpoint} did not answer in time.", inner: fault);
        }
        catch (JsonException fault)
        {
            throw Foreign(path, HttpStatusCode.OK, fault);
        }
    }

    private Exception Refusal(string path, HttpResponseMessage response, byte[] answer)
    {
        if (response.Content.Headers.ContentType?.MediaType != Problem.ContentType)
        {
            return Foreign(path, response.StatusCode, null);
        }

        try
        {
            var problem = JsonSerializer.Deserialize(answer, DwebJson.Default.Problem);
            return problem is null ? Foreign(path, response.StatusCode, null) : new ProblemException(problem);
        }
        catch (JsonException fault)
        {
            return Foreign(path, response.StatusCode, fault);
        }
    }

    private DwebException Foreign(string path, HttpStatusCode status, Exception? inner) => new(
        Catalogue.ControlPlaneUnreachable, $"{new Uri(Endpoint, path)} answered {(int)status} with something that is no answer of a control plane.", inner: inner);
}
