using System.Net.Http.Headers;
using System.Text.Json;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Functions.Tracing;

namespace Dweb.Functions.Scheduling;

/// <summary>A member that is another process, somewhere else. Nothing that it answers is believed.</summary>
/// <param name="http">Bounds the size of answers and the time to connect.</param>
/// <param name="patience">For an answer; longer than a member may take to be sure of its own.</param>
internal sealed class RemoteMember(HttpClient http, Uri address, TimeSpan patience) : ICommitteeMember
{
    public const int LargestAnswer = 64 * 1024;
    private const int LongestReason = 500;
    private readonly Uri endpoint = new($"{address.AbsoluteUri.TrimEnd('/')}/api/committee/sign");

    public string Name => address.Authority;

    public async Task<EvmSignature> SignAsync(CommitteeRequest request, CancellationToken cancellationToken)
    {
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(request, DwebJson.Default.CommitteeRequest);
        using var signing = new HttpRequestMessage(HttpMethod.Post, endpoint)
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        Spans.Carry(signing);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        try
        {
            using var response = await http.SendAsync(signing, limit.Token);
            byte[] answer = await response.Content.ReadAsByteArrayAsync(limit.Token);
            return response.IsSuccessStatusCode ? Read(answer) : throw Refusal((int)response.StatusCode, answer);
        }
        catch (Exception failure) when (NetworkFaults.Is(failure))
        {
            throw new DwebException(Catalogue.MemberUnreachable, $"It does not answer: {failure.Message}.", inner: failure);
        }
        catch (OperationCanceledException slow) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DwebException(Catalogue.MemberUnreachable, $"It does not answer within {patience.TotalSeconds:0.0} s.", inner: slow);
        }
    }

    private static EvmSignature Read(byte[] answer)
    {
        try
        {
            return (JsonSerializer.Deserialize(answer, DwebJson.Default.CommitteeSignature) ?? throw new JsonException("It is null.")).Signature;
        }
        catch (JsonException malformed)
        {
            throw new DwebException(Catalogue.MalformedJson, $"Its answer cannot be read: {malformed.Message}", inner: malformed);
        }
    }

    private static DwebException Refusal(int status, byte[] answer)
    {
        try
        {
            if (JsonSerializer.Deserialize(answer, DwebJson.Default.Problem) is { Detail: { } detail } problem && Catalogue.All.TryGetValue(problem.Code, out var error))
            {
                return new DwebException(error, detail.Length > LongestReason ? detail[..LongestReason] + "…" : detail, problem.Field);
            }
        }
        catch (JsonException)
        {
            // Something between, or no member at all: the status says what is known.
        }

        return new DwebException(Catalogue.MemberUnreachable, $"It answers {status} and nothing that a member would say.");
    }
}
