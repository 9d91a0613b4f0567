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
        // Others may have corrected whom the plan counts as heard.
        switch (request)
        {
            case PlanRequest { Plan: var plan, Evidence: var evidence }:
                hearing.RequireAgreement(plan.Entries, evidence.Silent);
                break;
            case UpgradeRequest { Upgrade: var upgrade, Evidence: var evidence }:
                hearing.RequireAgreement(upgrade.Entries, evidence.Silent);
                break;
        }

        return Task.FromResult(key.Sign(book.Digest(request.StructHash())));
    }
}
