using Dweb.Chain.Abi;
using Dweb.Core.Protocol.Errors;
using static Dweb.Chain.Contracts.ContractErrors;

namespace Dweb.Agent.Trust;

/// <summary>What the lease book says of an assignment whose parts do not belong together.</summary>
internal static class TicketMismatch
{
    /// <returns>Null for an error that says nothing about the assignment.</returns>
    public static Refusal? Read(ContractError error) => error switch
    {
        OrderMismatch e => new(Catalogue.LeaseNotAssigned, $"The order that the control plane sent hashes to {e.Given}; the lease is of order {e.Named}."),
        ServicesMismatch e => new(Catalogue.LeaseNotAssigned, $"The services that the control plane sent hash to {e.Given}; the user signed {e.Signed}."),
        NoSuchEntry e => new(Catalogue.LeaseNotAssigned, $"The order has no service {e.Index}."),
        ImageMismatch e => new(Catalogue.SpecImageMismatch, $"The lease does not run image {e.ImageDigest}."),
        _ => null,
    };
}
