using System.Globalization;
using System.Numerics;
using Dweb.Agent.Metering;
using Dweb.Agent.Runtimes;
using Dweb.Core.Doctor;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Core.Resources;

namespace Dweb.Agent.Doctor;

/// <summary>What is made of values that were found on a host; no I/O.</summary>
internal static class HostJudgements
{
    public static Finding Secret(string check, string path, UnixFileMode mode) => CommonJudgements.IsOpenToOthers(mode)
        ? Finding.Wrong(check, $"others than its owner can read or write {path}.", $"chmod go-rwx '{path}'")
        : Finding.Ok(check, path);

    /// <param name="isHeld">Whether a process has the folder's lock; null where there is no folder yet.</param>
    public static Finding Folder(string path, bool? isHeld) => isHeld switch
    {
        null => Finding.Warning("data folder", $"there is no {path} yet: no agent has run here.", "Start the agent; it makes the folder."),
        false => Finding.Warning("data folder", $"no agent runs on {path}.", "Start the agent, as by 'systemctl start dweb-agent'."),
        true => Finding.Ok("data folder", $"an agent runs on {path}"),
    };

    public static Finding Metering(CgroupMounts mounts) =>
        mounts.Controllers.ContainsKey("cpuacct") && mounts.Controllers.ContainsKey("memory") ? Finding.Ok("metering", "cgroup version 1, with cpuacct and memory")
        : mounts.Unified is { } unified ? Finding.Ok("metering", $"cgroup version 2 at {unified.Point}")
        : Finding.Wrong("metering", "neither cgroup version 1 with cpuacct and memory nor version 2 is mounted.", "Mount cgroup2 at /sys/fs/cgroup, or boot with systemd.unified_cgroup_hierarchy=1.");

    /// <param name="described">By itself: name and version.</param>
    /// <param name="lacks">By name; docs/operations.md says what of it that costs.</param>
    public static Finding Engine(string described, Uri address, RuntimeCapability lacks) => Finding.Ok(
        "engine", lacks == RuntimeCapability.None ? $"{described} at {address}" : $"{described} at {address}; it lacks {string.Join(", ", lacks.ToNames())}");

    /// <param name="answered">Chain nodes that answered, of all.</param>
    public static Finding Nodes(int answered, int all) => (answered, all) switch
    {
        (0, _) => Finding.Wrong("chain nodes", $"none of {all} answers.", "Start the node, or correct 'rpcUrls'."),
        (_, 1) => Finding.Warning("chain nodes", "there is one only: while it is away no lease is started, and none is known to have ended.", "Add a second to 'rpcUrls'."),
        _ when answered < all => Finding.Warning("chain nodes", string.Create(CultureInfo.InvariantCulture, $"{answered} of {all} answer."), "Start the others, or correct 'rpcUrls'."),
        _ => Finding.Ok("chain nodes", string.Create(CultureInfo.InvariantCulture, $"all {all} answer")),
    };

    public static Finding Standing(string name, CoeStatus status, bool acceptsBook, bool osRevoked) => status switch
    {
        CoeStatus.Draining => Finding.Warning("COE", $"'{name}' drains: it gets no new lease.", "'dweb coe undrain' takes leases again."),
        CoeStatus.Suspended => Finding.Wrong("COE", $"'{name}' is suspended by the protocol's guardian: it gets no new lease.", "Ask the protocol's DAO why."),
        _ when !acceptsBook => Finding.Wrong("COE", $"'{name}' takes no leases of this lease book.", "'dweb coe accept-book' lets it assign leases."),
        _ when osRevoked => Finding.Wrong("COE", $"the host image that '{name}' claims is revoked: it gets no new lease.", "Boot a newer image, then 'dweb coe os'."),
        _ => Finding.Ok("COE", $"'{name}' is active"),
    };

    public static Finding Stake(BigInteger stake, BigInteger locked) => stake <= locked
        ? Finding.Warning("stake", $"all of {Amount.FormatGrouped(stake)} DWEB is locked by leases: no new one can be bonded.", "'dweb coe stake' adds to it.")
        : Finding.Ok("stake", $"{Amount.FormatGrouped(stake)} DWEB, of which leases lock {Amount.FormatGrouped(locked)}");

    /// <summary>What is offered and not there cannot be used, and users pay for what they reserve.</summary>
    /// <param name="stored">MiB that leases hold by now; they are not free any more and yet offered.</param>
    public static Finding Capacity(ResourceVector offered, ulong stored, HostMachine machine)
    {
        var beyond = new List<string>();
        Add("CPU", offered.Cpu, machine.Cpu, "mCPU");
        Add("memory", offered.Memory, machine.Memory, "MiB");
        if (machine.FreeDisk is { } free)
        {
            Add("storage", offered.Storage, free + stored, "MiB");
        }

        return beyond.Count > 0
            ? Finding.Wrong("capacity", $"more is offered than the machine has: {string.Join("; ", beyond)}.", "'dweb coe capacity' offers less.")
            : Finding.Ok("capacity", string.Create(CultureInfo.InvariantCulture, $"{offered.Cpu:N0} of {machine.Cpu:N0} mCPU and {offered.Memory:N0} of {machine.Memory:N0} MiB are offered"));

        void Add(string what, ulong offers, ulong has, string unit)
        {
            if (offers > has)
            {
                beyond.Add(string.Create(CultureInfo.InvariantCulture, $"{what} {offers:N0} of {has:N0} {unit}"));
            }
        }
    }

    public static Finding Plane(Uri address, HealthView health, ulong chainId, EvmAddress leaseBook) => health switch
    {
        _ when health.ChainId != chainId || (health.LeaseBook is { } book && book != leaseBook) => Finding.Wrong(
            "control plane", $"{address} works with lease book {health.LeaseBook} of chain {health.ChainId}; this agent with {leaseBook} of {chainId}.",
            "Take it out of 'controlPlanes', or set 'deploymentFile' to the file of its deployment, if you trust it."),
        { Status: not "ok" } => Finding.Warning("control plane", $"{address} calls itself {health.Status}: {string.Join(" ", health.Problems)}", "Wait, or tell its operator."),
        _ => Finding.Ok("control plane", $"{address}, version {health.Version}"),
    };

    public static Finding Heard(Uri address, bool isLive) => isLive
        ? Finding.Ok("heard", $"{address} hears this COE")
        : Finding.Warning("heard", $"{address} does not hear this COE: it gets no lease by it.", "Start the agent; if it runs, its log says why it is not heard.");
}
