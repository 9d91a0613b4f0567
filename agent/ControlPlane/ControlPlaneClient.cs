using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dweb.Chain.Signing;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;

namespace Dweb.Agent.ControlPlane;

/// <summary>The agent's side of the control plane's API; signs every request with the agent key.</summary>
/// <param name="http">Without a timeout of its own shorter than a long poll; bounds the size of answers.</param>
internal sealed class ControlPlaneClient(HttpClient http, Uri endpoint, Hash32 coe, ISigner key, ClockOffset clock)
{
    // The server answers a long poll within 25 s.
    private static readonly TimeSpan PollTimeout = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);

    private readonly string prefix = $"{endpoint.AbsolutePath.TrimEnd('/')}/api/coes/{coe}";

    /// <param name="etag">Of the last document; null for the first.</param>
    /// <returns>Null when nothing changed.</returns>
    /// <exception cref="ControlPlaneException">No answer, or a refusal.</exception>
    public async Task<Assignments?> PollAsync(string? etag, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(HttpMethod.Get, "/assignments", [], etag, PollTimeout, cancellationToken);
        return answer.StatusCode == HttpStatusCode.NotModified
            ? null
            : new Assignments(Read(await answer.Content.ReadAsByteArrayAsync(cancellationToken), DwebJson.Default.AssignmentsDocument), answer.Headers.ETag?.ToString());
    }

    /// <exception cref="ControlPlaneException">No answer, or a refusal.</exception>
    public Task<HeartbeatResponse> BeatAsync(HeartbeatRequest heartbeat, CancellationToken cancellationToken) => BeatAsync("/heartbeat", heartbeat, cancellationToken);

    /// <summary>Tells a scheduler member, and signs that it is this one: nobody can play to a member what another was told.</summary>
    /// <exception cref="ControlPlaneException">No answer, or a refusal.</exception>
    public Task<HeartbeatResponse> BeatMemberAsync(HeartbeatRequest heartbeat, CancellationToken cancellationToken) =>
        BeatAsync($"/heartbeat?{RequestSigning.MemberParameter}={endpoint.Authority}", heartbeat, cancellationToken);

    /// <exception cref="ControlPlaneException">No answer, or a refusal.</exception>
    public Task ReportAsync(ReportRequest report, CancellationToken cancellationToken) =>
        PostAsync("/reports", JsonSerializer.SerializeToUtf8Bytes(report, DwebJson.Default.ReportRequest), cancellationToken);

    /// <exception cref="ControlPlaneException">No answer, or a refusal.</exception>
    public Task SubmitUsageAsync(UsageSubmission usage, CancellationToken cancellationToken) =>
        PostAsync("/usage", JsonSerializer.SerializeToUtf8Bytes(usage, DwebJson.Default.UsageSubmission), cancellationToken);

    /// <exception cref="ControlPlaneException">No answer, or a refusal.</exception>
    public Task OfferSpecsAsync(SpecOffer offer, CancellationToken cancellationToken) =>
        PostAsync("/specs", JsonSerializer.SerializeToUtf8Bytes(offer, DwebJson.Default.SpecOffer), cancellationToken);

    /// <returns>Whatever it gave for a bundle of that hash.</returns>
    /// <exception cref="ControlPlaneException">No answer, or a refusal.</exception>
    public async Task<byte[]> FetchSecretsAsync(Hash32 bundle, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(HttpMethod.Get, $"/secrets/{bundle}", [], etag: null, Timeout, cancellationToken);
        return await answer.Content.ReadAsByteArrayAsync(cancellationToken);
    }

    /// <exception cref="ControlPlaneException">No answer, or a refusal.</exception>
    public Task AnswerLogAsync(string requestId, LogAnswer log, CancellationToken cancellationToken) =>
        PostAsync("/logs/" + Uri.EscapeDataString(requestId), JsonSerializer.SerializeToUtf8Bytes(log, DwebJson.Default.LogAnswer), cancellationToken);

    private async Task<HeartbeatResponse> BeatAsync(string path, HeartbeatRequest heartbeat, CancellationToken cancellationToken)
    {
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(heartbeat, DwebJson.Default.HeartbeatRequest);
        using var answer = await SendAsync(HttpMethod.Post, path, body, etag: null, Timeout, cancellationToken);
        return Read(await answer.Content.ReadAsByteArrayAsync(cancellationToken), DwebJson.Default.HeartbeatResponse);
    }

    private async Task PostAsync(string path, byte[] body, CancellationToken cancellationToken) =>
        (await SendAsync(HttpMethod.Post, path, body, etag: null, Timeout, cancellationToken)).Dispose();

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, byte[] body, string? etag, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var answer = await ExchangeAsync(method, path, body, etag, timeout, cancellationToken);
        if (answer.StatusCode == HttpStatusCode.Unauthorized && TryLearnTime(answer))
        {
            answer.Dispose();
            answer = await ExchangeAsync(method, path, body, etag, timeout, cancellationToken);
        }

        if (answer.IsSuccessStatusCode || answer.StatusCode == HttpStatusCode.NotModified)
        {
            return answer;
        }

        using (answer)
        {
            throw await RefusalOf(answer, cancellationToken);
        }
    }

    private async Task<HttpResponseMessage> ExchangeAsync(
        HttpMethod method, string path, byte[] body, string? etag, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var request = Sign(method, prefix + path, body);
        if (etag is not null)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", etag);
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            return await http.SendAsync(request, HttpCompletionOption.ResponseContentRead, limit.Token);
        }
        catch (Exception failure) when (NetworkFaults.Is(failure) || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new ControlPlaneException(
                Catalogue.ControlPlaneUnreachable, $"The control plane at {endpoint} does not answer {method} {path}: {failure.Message}", failure);
        }
    }

    private HttpRequestMessage Sign(HttpMethod method, string pathAndQuery, byte[] body)
    {
        long now = clock.NowMs();
        var request = new HttpRequestMessage(method, new Uri(endpoint, pathAndQuery));
        string message = RequestSigning.Message(method.Method, request.RequestUri!.PathAndQuery, now, body);
        request.Headers.Add(RequestSigning.TimestampHeader, now.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(RequestSigning.SignatureHeader, key.Sign(Eip191.HashMessage(message)).ToString());
        if (method != HttpMethod.Get)
        {
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        }

        return request;
    }

    // A server that accepts the time refuses for another reason, and the same request would be refused again.
    private bool TryLearnTime(HttpResponseMessage answer)
    {
        if (!answer.Headers.TryGetValues(RequestSigning.ServerTimeHeader, out var values)
            || !long.TryParse(values.FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out long serverTime)
            || Math.Abs(serverTime - clock.NowMs()) < RequestSigning.ToleranceSeconds * 1000L / 2)
        {
            return false;
        }

        clock.Learn(serverTime);
        return true;
    }

    private static async Task<ControlPlaneException> RefusalOf(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        string what = $"HTTP {(int)answer.StatusCode}";
        ErrorCode? error = null;
        try
        {
            var problem = JsonSerializer.Deserialize(await answer.Content.ReadAsByteArrayAsync(cancellationToken), DwebJson.Default.Problem);
            error = problem is not null && Catalogue.All.TryGetValue(problem.Code, out var known) ? known : null;
            what = $"{what}: {problem?.Detail ?? problem?.Title}";
        }
        catch (JsonException)
        {
            // Something between answered in its own words; the status says what is known.
        }

        error ??= answer.StatusCode switch
        {
            HttpStatusCode.Gone => Catalogue.AgentSuperseded,
            HttpStatusCode.Unauthorized => Catalogue.Unauthorised,
            HttpStatusCode.NotFound => Catalogue.NotFound,
            _ => Catalogue.ControlPlaneUnreachable,
        };
        return new ControlPlaneException(error, $"The control plane refused ({what}).");
    }

    private static T Read<T>(byte[] json, JsonTypeInfo<T> type)
    {
        try
        {
            return MessageJson.Read(json, type);
        }
        catch (JsonException failure)
        {
            throw new ControlPlaneException(Catalogue.MalformedJson, $"The control plane's answer cannot be read: {failure.Message}", failure);
        }
    }
}

/// <param name="ETag">Sent with the next poll.</param>
internal sealed record Assignments(AssignmentsDocument Document, string? ETag);
