using Dweb.Agent.Isolation;
using Dweb.Agent.Runtimes;
using Dweb.Core.Protocol;

namespace Dweb.Agent.Settings;

/// <summary>The agent's configuration file, read and checked. What it trusts (chain, contracts, key) comes from here and nowhere else.</summary>
/// <param name="ControlPlanes">Where assignments come from, at least one and each once; relays, never authorities.</param>
/// <param name="Members">Scheduler members, each told by the agent itself that it lives.</param>
/// <param name="RpcUrls">The agent's own chain nodes, tried in this order; at least one.</param>
/// <param name="Coe">Id of the COE that this agent runs.</param>
/// <param name="Runtime">What runs containers here.</param>
/// <param name="Engine">Its address, <c>unix:///…</c> or <c>tcp://host:port</c>.</param>
/// <param name="Registry">Where images are pulled from and manifests read.</param>
/// <param name="PublicAddress">The address on which ports of containers are published.</param>
/// <param name="UsageInterval">Between two signed usage batches; 500 ms to one hour.</param>
/// <param name="NetworkRange">Addresses of containers; no other network that this machine knows has one of them.</param>
/// <param name="ImageCacheBytes">Most that images take which no lease needs any more.</param>
/// <param name="Heartbeat">Null: as the control plane asks.</param>
internal sealed record AgentSettings(
    IReadOnlyList<Uri> ControlPlanes,
    IReadOnlyList<Uri> Members,
    IReadOnlyList<Uri> RpcUrls,
    ulong ChainId,
    string DeploymentFile,
    Hash32 Coe,
    string Keystore,
    string PasswordFile,
    string DataFolder,
    RuntimeKind Runtime,
    Uri Engine,
    RegistryAddress Registry,
    System.Net.IPAddress PublicAddress,
    TimeSpan UsageInterval,
    TimeSpan? Heartbeat,
    AddressRange NetworkRange,
    long ImageCacheBytes);
