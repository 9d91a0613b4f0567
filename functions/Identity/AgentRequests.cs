using System.Globalization;
using Dweb.Chain.Signing;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Functions.Indexing;
using Microsoft.AspNetCore.Http.Features;

namespace Dweb.Functions.Identity;

/// <summary>An agent's request whose signature holds.</summary>
/// <param name="SignedAtMs">The time that the agent signed, Unix milliseconds.</param>
internal sealed record AgentRequest(CoeRecord Coe, long SignedAtMs, ReadOnlyMemory<byte> Body);

/// <summary>Checks that a request was signed by the key that the chain names for the COE in its path, recently, and for this process.</summary>
internal sealed class AgentRequests(Market market, ChainIndexer indexer, TimeProvider time)
{
    private readonly long startedMs = time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <exception cref="DwebException">Unknown COE, no or a wrong signature, or a time too far from the server's.</exception>
    public async Task<AgentRequest> CheckAsync(HttpContext context, string coeText, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var coe = await FindAsync(coeText, cancellationToken);
        string timestamp = context.Request.Headers[RequestSigning.TimestampHeader].ToString();
        if (!EvmSignature.TryParse(context.Request.Headers[RequestSigning.SignatureHeader].ToString(), out var signature)
            || !long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out long signedAt))
        {
            throw new DwebException(Catalogue.Unauthorised, $"An agent's request carries {RequestSigning.SignatureHeader} and {RequestSigning.TimestampHeader}.");
        }

        CheckTime(signedAt);
        string target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var digest = Eip191.HashMessage(RequestSigning.Message(context.Request.Method, target, signedAt, body.Span));
        return Secp256k1.Recover(digest, signature) == coe.Agent
            ? new AgentRequest(coe, signedAt, body)
            : throw new DwebException(Catalogue.Unauthorised, $"The request is not signed by the agent key {coe.Agent} of COE {coe.Name}.");
    }

    private void CheckTime(long signedAt)
    {
        long now = time.GetUtcNow().ToUnixTimeMilliseconds();
        if (Math.Abs(now - signedAt) > RequestSigning.ToleranceSeconds * 1000L)
        {
            throw new DwebException(Catalogue.ClockSkew, $"The request was signed at {signedAt}; the server's time is {now}.");
        }

        // What an earlier process took may not be played to this one, which has forgotten it.
        if (signedAt < startedMs)
        {
            throw new DwebException(Catalogue.ClockSkew, $"The request was signed at {signedAt}, before this process started at {startedMs}; sign it again.");
        }
    }

    private async Task<CoeRecord> FindAsync(string text, CancellationToken cancellationToken)
    {
        if (!Hash32.TryParse(text, out var id))
        {
            throw new DwebException(Catalogue.InvalidValue, $"'{text}' is no id of a COE.", "coe");
        }

        if (!market.Coes.ContainsKey(id))
        {
            await indexer.CatchUpAsync(cancellationToken);
        }

        return market.Coes.GetValueOrDefault(id) ?? throw new DwebException(Catalogue.CoeUnknown, $"COE {id} is not registered on this chain.", "coe");
    }
}
