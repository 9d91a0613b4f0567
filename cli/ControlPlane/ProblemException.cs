using Dweb.Core.Protocol.Errors;

namespace Dweb.Cli.ControlPlane;

/// <summary>The control plane refused, in its own words.</summary>
internal sealed class ProblemException(Problem problem) : Exception(problem.Detail ?? problem.Title)
{
    public Problem Problem { get; } = problem;
}
