using System.Numerics;
using Dweb.Core.Protocol;

namespace Dweb.Cli.Commands;

/// <param name="Repository">Token id.</param>
/// <param name="Transaction">Null when it was there already.</param>
internal sealed record RepositoryResult(Hash32 Repository, string Name, EvmAddress Owner, EvmAddress Payee, Hash32? Transaction);

/// <param name="ReleaseId">Also the release's node in the royalty graph.</param>
/// <param name="SourceDigest">sha256 of the source archive.</param>
/// <param name="Transaction">Null when it was there already.</param>
internal sealed record ReleaseResult(Hash32 ReleaseId, string Repository, string Version, Hash32 SourceDigest, Hash32? Transaction);

/// <param name="Amount">Wei paid out.</param>
internal sealed record PaymentView(Hash32 Account, EvmAddress Payee, BigInteger Amount, Hash32 Transaction);

/// <param name="Pulled">Transfers along edges of the royalty graph.</param>
/// <param name="Total">Wei paid out in all.</param>
internal sealed record RoyaltyPullView(int Pulled, BigInteger Total, IReadOnlyList<PaymentView> Payments);
