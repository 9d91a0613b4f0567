using Dweb.Chain.Signing;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;

namespace Dweb.Functions.Scheduling;

/// <summary>The member whose key is in the control plane's own process: it has come to the message by itself, and holds it only against its own ears.</summary>
internal sealed class OwnMember(ISigner key, TypedDataDomain book, HearingCheck hearing) : ICommitteeMember
{
    public string Name => $"this process ({key.Address})";

    public Task<EvmSignature> SignAsync(CommitteeRequest request, CancellationToken cancellationToken)
    {
        if (request is PlanRequest { Plan: var plan, Evidence: var evidence })
        {
            // Others may have corrected whom the plan counts as heard.
            hearing.RequireAgreement(plan, evidence.Silent);
        }

        return Task.FromResult(key.Sign(book.Digest(request.StructHash())));
    }
}
