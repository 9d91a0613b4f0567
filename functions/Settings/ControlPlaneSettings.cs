using System.Numerics;
using Dweb.Core.Protocol;

namespace Dweb.Functions.Settings;

/// <summary>All that the control plane is told from outside, checked at start. See local.settings.sample.json.</summary>
internal sealed record ControlPlaneSettings : ProgramSettings
{
    public required string StorageConnection { get; init; }

    public required KeystoreSettings Keystores { get; init; }

    public required RegistrySettings Registry { get; init; }

    public required string DataFolder { get; init; }

    /// <summary>The other scheduler members; with none, the key of this process has to be a quorum.</summary>
    public IReadOnlyList<Uri> Members { get; init; } = [];

    /// <summary>How replicas are moved to new images.</summary>
    public required RolloutSettings Rollouts { get; init; }

    /// <summary>What transactions may cost, and when they are stuck.</summary>
    public required FeeSettings Fees { get; init; }

    public required SettlementSettings Settlement { get; init; }

    /// <summary>Least unpaid charge of a COE for which it is settled, wei; derived from the price of gas when null.</summary>
    public required BigInteger? MinSettleWei { get; init; }

    /// <summary>Whose free balance in the lease book gets the bounties of settlements; zero for nobody: they stay fees.</summary>
    public EvmAddress BountyTo { get; init; }

    /// <summary>Wallets that may manage orchestrations, besides the scheduler member's key, where this process has one.</summary>
    public IReadOnlyList<EvmAddress> Operators { get; init; } = [];

    /// <summary>Base address of the Functions host that runs this custom handler; null when the program runs alone.</summary>
    public Uri? FunctionsHost { get; init; }

    /// <summary>Port that a Functions host gave this custom handler, or null when the program runs alone.</summary>
    public required int? CustomHandlerPort { get; init; }
}

/// <summary>Key files of the gas senders, which hold no DWEB, and of the scheduler member in this process, if there is one.</summary>
internal sealed record KeystoreSettings(KeystoreFile? Scheduler, IReadOnlyList<string> Gas, string GasPasswordFile);

/// <summary>The image registry, and what its access tokens are made with.</summary>
/// <param name="Url">What the control plane reads manifests from.</param>
/// <param name="Service">The token's audience, as the registry is configured.</param>
internal sealed record RegistrySettings(Uri Url, string Service, string Issuer, string TokenKeyFile, string TokenCertificateFile);

/// <param name="OverlapSeconds">For which an old replica goes on beside the one that replaces it; the chain allows 600.</param>
/// <param name="MonitorSeconds">For which moved replicas must be healthy before the next are moved.</param>
internal sealed record RolloutSettings(int OverlapSeconds, int MonitorSeconds);

/// <param name="MaxFeePerGas">Wei per gas, the base fee included, that no transaction pays more than.</param>
/// <param name="BumpAfter">Time after which a transaction that is not mined is replaced by one that pays more.</param>
internal sealed record FeeSettings(BigInteger MaxFeePerGas, TimeSpan BumpAfter);

/// <param name="Gas">Of a settlement transaction at most; never more than half a block.</param>
/// <param name="QuarantinePause">After which usage that the chain refused is tried again as it is.</param>
internal sealed record SettlementSettings(int Gas, TimeSpan QuarantinePause);
