using Dweb.Core.Protocol.Errors;

namespace Dweb.Agent.ControlPlane;

/// <summary>The control plane did not do what it was asked.</summary>
internal sealed class ControlPlaneException(ErrorCode error, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>An entry of the catalogue; <see cref="Catalogue.ControlPlaneUnreachable"/> when no answer came.</summary>
    public ErrorCode Error { get; } = error;

    public bool IsSuperseded => Error == Catalogue.AgentSuperseded;

    public bool IsDuplicate => Error == Catalogue.AgentDuplicate;
}
