using Dweb.Chain.Abi;
using Dweb.Core.Protocol.Errors;
using static Dweb.Chain.Contracts.ContractErrors;
using static Dweb.Cli.Errors.SentenceValues;

namespace Dweb.Cli.Errors;

/// <summary>Refusals of the registries of code and images, and of the royalty graph.</summary>
internal static class CodeSentences
{
    public static (ErrorCode, string)? Find(ContractError error) => OfCode(error) ?? OfImages(error) ?? OfRoyalties(error);

    private static (ErrorCode, string)? OfCode(ContractError error) => error switch
    {
        RepositoryKnown e => (Catalogue.NameTaken, $"This wallet has a repository of this name (token {e.Repository})."),
        RepositoryUnknown e => (Catalogue.NotFound, $"There is no repository of token {e.Repository}."),
        ReleaseKnown e => (Catalogue.NameTaken, $"This version was released before ({e.ReleaseId})."),
        ReleaseUnknown e => (Catalogue.NotFound, $"There is no release {e.ReleaseId}."),
        ReleaseRevokedAlready e => (Catalogue.OrderConflict, $"Release {e.ReleaseId} is revoked."),
        SupersededByItself e => (Catalogue.InvalidValue, $"Release {e.ReleaseId} cannot replace itself."),
        SupersededByOlder e => (Catalogue.InvalidValue, $"Release {e.By} is older than {e.ReleaseId} and cannot replace it."),
        ForeignRelease e => (Catalogue.Forbidden, $"Release {e.ReleaseId} is of another repository (token {e.Repository})."),
        SignerNotOwner e => (Catalogue.Forbidden, $"Only {e.Owner}, who owns the repository, or a delegate can sign its releases."),
        NotTheOwner e => (Catalogue.Forbidden, $"Only {e.Owner} may do that to repository {e.Repository}, not {e.Caller}."),
        NameEmpty => (Catalogue.InvalidValue, "A name is missing."),
        VersionEmpty => (Catalogue.InvalidValue, "The version is missing."),
        LicenseEmpty => (Catalogue.InvalidValue, "The licence is missing."),
        SourceDigestZero => (Catalogue.InvalidValue, "The digest of the source is zero."),
        PayeeZero => (Catalogue.InvalidValue, "The payee is the zero address."),
        _ => null,
    };

    private static (ErrorCode, string)? OfImages(ContractError error) => error switch
    {
        ImageKnown e => (Catalogue.NameTaken, $"The image {Digest(e.ManifestDigest)} was minted before."),
        ImageUnknown e => (Catalogue.ImageNotMinted, $"No image {Digest(e.ManifestDigest)} is minted."),
        ImageRevokedAlready e => (Catalogue.ImageRevoked, $"The image {Digest(e.ManifestDigest)} is revoked."),
        ImageMaliciousAlready e => (Catalogue.ImageMalicious, $"The image {Digest(e.ManifestDigest)} is marked as malicious."),
        ImageNotUsable e => (Catalogue.ImageRevoked, $"The image {Digest(e.ManifestDigest)} is revoked or marked as malicious."),
        ForeignImage e => (Catalogue.Forbidden, $"The image {Digest(e.ManifestDigest)} is of {e.Publisher}."),
        SupersedesItself e => (Catalogue.InvalidValue, $"The image {Digest(e.ManifestDigest)} cannot replace itself."),
        SupersedesYounger e => (Catalogue.InvalidValue, $"The image {Digest(e.Younger)} is younger than {Digest(e.ManifestDigest)} and cannot be replaced by it."),
        ChannelUnknown e => (Catalogue.InvalidValue, $"There is no channel '{e.Channel}': stable and edge are."),
        NotTheOwnerBytes32AddressAddress e => (Catalogue.Forbidden, $"Only {e.Owner} may do that to image {Digest(e.ManifestDigest)}, not {e.Caller}."),
        DigestZero => (Catalogue.InvalidValue, "The digest of the manifest is zero."),
        RoyaltyOutOfRange e => (Catalogue.InvalidValue, $"A royalty of {e.RoyaltyBps} basis points is outside {e.Floor} to {e.Cap}."),
        TooManyComponents e => (Catalogue.InvalidValue, $"{e.Count} components are more than {e.Most}."),
        ComponentUnknown e => (Catalogue.NotFound, $"There is no release {e.Release}."),
        SignerNotPublisher e => (Catalogue.SignatureMismatch, $"The image was not signed by {e.Publisher}."),
        _ => null,
    };

    private static (ErrorCode, string)? OfRoyalties(ContractError error) => error switch
    {
        NodeKnown e => (Catalogue.NameTaken, $"Node {e.Node} of the royalty graph exists."),
        NodeUnknown e => (Catalogue.NotFound, $"There is no node {e.Node} in the royalty graph."),
        NodeIsRoot e => (Catalogue.InvalidValue, $"Node {e.Node} is an image's: nothing can be built on it."),
        IndexUnknown e => (Catalogue.NotFound, $"The royalty graph has no node of number {e.Index}."),
        LengthsDiffer e => (Catalogue.InvalidValue, $"{e.Indexes} nodes were named with {e.Amounts} amounts."),
        TooManyNodes => (Catalogue.InvalidValue, "The royalty graph is full."),
        EdgeOutOfRange e => (Catalogue.InvalidValue, $"Node {e.Node} has no edge {e.Edge}."),
        WeightZero e => (Catalogue.InvalidValue, $"The weight of edge {e.Edge} is zero; weights are 1 to 65535."),
        RankTooDeep e => (Catalogue.InvalidValue, $"Node {e.Node} would be {e.Rank} deep in the royalty graph; 6 is the most."),
        _ => null,
    };
}
