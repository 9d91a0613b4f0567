using Dweb.Core.Protocol.Errors;

namespace Dweb.Agent.Runtimes;

internal enum RuntimeFault
{
    /// <summary>No engine answers; trying again may help.</summary>
    Unreachable,

    /// <summary>The registry does not answer the engine, or has no such image; trying again may help.</summary>
    PullFailed,

    /// <summary>The engine has a container of this name.</summary>
    NameTaken,

    /// <summary>The engine has no such container.</summary>
    ContainerMissing,

    /// <summary>The container is between two states: trying again helps.</summary>
    Changing,

    /// <summary>The engine refused: trying the same again gives the same answer.</summary>
    Refused,
}

/// <summary>What a container engine answered instead of doing what it was asked.</summary>
internal sealed class RuntimeException(RuntimeFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    public RuntimeFault Fault { get; } = fault;

    public bool IsTransient => Fault is RuntimeFault.Unreachable or RuntimeFault.PullFailed or RuntimeFault.Changing;

    public ErrorCode Code => Fault switch
    {
        RuntimeFault.Unreachable => Catalogue.EngineUnreachable,
        RuntimeFault.PullFailed => Catalogue.RegistryUnreachable,
        _ => Catalogue.EngineFailed,
    };
}
