namespace Dweb.Agent.Runtimes;

/// <summary>What one engine does for the agent and another may not. Isolation and limits are no part of it: an engine that does not give these is none.</summary>
[Flags]
internal enum RuntimeCapability
{
    None = 0,

    /// <summary>Runs the health check of a spec and tells its result.</summary>
    HealthChecks = 1,

    /// <summary>Starts a container again when it ends, as its spec says.</summary>
    Restarts = 2,

    /// <summary>Gives a container folders of the agent's own making, which begin as what the image has there.</summary>
    Volumes = 4,

    /// <summary>Starts what is to run again when the machine was restarted. Where it is missing the agent does.</summary>
    RestartsWithMachine = 8,

    /// <summary>Runs the health check that an image brings along, where the spec has none. Where it is missing there is none.</summary>
    ImageHealthChecks = 16,

    /// <summary>Tells how many bytes of an image have arrived. Where it is missing a pull is told of without numbers.</summary>
    PullProgress = 32,

    /// <summary>Tells that a container was ended for want of memory. Where it is missing its exit code, 137, is all that is known.</summary>
    OutOfMemory = 64,
}

/// <summary>Capabilities by name, and what of them a plan cannot do without.</summary>
internal static class RuntimeCapabilities
{
    private static readonly (RuntimeCapability Capability, string Name)[] Names =
    [
        (RuntimeCapability.HealthChecks, "health-checks"),
        (RuntimeCapability.Restarts, "restarts"),
        (RuntimeCapability.Volumes, "volumes"),
        (RuntimeCapability.RestartsWithMachine, "restarts-with-machine"),
        (RuntimeCapability.ImageHealthChecks, "image-health-checks"),
        (RuntimeCapability.PullProgress, "pull-progress"),
        (RuntimeCapability.OutOfMemory, "out-of-memory"),
    ];

    /// <summary>In the order in which docs/operations.md explains them.</summary>
    public static IReadOnlyList<string> ToNames(this RuntimeCapability capabilities) =>
        [.. Names.Where(known => capabilities.HasFlag(known.Capability)).Select(static known => known.Name)];

    /// <summary>What a container of this plan would be another without.</summary>
    public static RuntimeCapability NeededBy(ContainerPlan plan) =>
        (plan.Spec.Health is null or { Test: ["NONE", ..] } ? RuntimeCapability.None : RuntimeCapability.HealthChecks)
        | (plan.Spec.Restart == Core.Manifest.RestartPolicy.No ? RuntimeCapability.None : RuntimeCapability.Restarts)
        | (plan.Mounts.Count == 0 ? RuntimeCapability.None : RuntimeCapability.Volumes);

    /// <summary>Before anything of it is made.</summary>
    /// <exception cref="RuntimeException">The plan needs what the engine lacks; the message names it.</exception>
    public static void Require(ContainerPlan plan, RuntimeCapability lacks, string engine)
    {
        var missing = (NeededBy(plan) & lacks).ToNames();
        if (missing.Count > 0)
        {
            throw new RuntimeException(RuntimeFault.Refused, $"{engine} lacks {string.Join(", ", missing)}, which this container needs.");
        }
    }
}
