using Dweb.Core.Protocol.Errors;

namespace Dweb.Agent.Trust;

/// <summary>Why a lease is not run: an entry of the catalogue, and one sentence with the values that explain it.</summary>
internal sealed record Refusal(ErrorCode Error, string Detail)
{
    /// <param name="code">Of a refusal; null for none.</param>
    /// <returns>
    /// True where an assignment is not what the chain says, so that another telling of it may be right; false where the chain itself keeps the lease from
    /// running. It lets no lease of an image without an NFT open: such an image is only somebody's word.
    /// </returns>
    public static bool IsOfMessage(string? code) =>
        code == Catalogue.LeaseNotAssigned.Code || code == Catalogue.SpecMismatch.Code || code == Catalogue.SpecImageMismatch.Code
        || code == Catalogue.ImageNotMinted.Code;
}
