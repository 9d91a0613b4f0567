using Dweb.Agent.ControlPlane;
using Dweb.Agent.Leases;
using Microsoft.Extensions.Logging;

namespace Dweb.Agent.Loops;

/// <summary>What a refusal of one control plane means for this agent; tells of a condition once, not at every attempt.</summary>
internal sealed partial class Failures(Uri plane, Standing standing, ILogger<Failures> log)
{
    private string? last;

    public void Note(ControlPlaneException failure)
    {
        if (failure.IsSuperseded)
        {
            standing.Supersede(plane);
        }
        else if (failure.IsDuplicate)
        {
            standing.Duplicate(plane);
        }

        if (Interlocked.Exchange(ref last, failure.Error.Code) != failure.Error.Code)
        {
            ControlPlaneFailed(plane, failure.Error.Code, failure.Message, failure.Error.Hint);
        }
    }

    public void Recovered()
    {
        if (Interlocked.Exchange(ref last, null) is not null)
        {
            ControlPlaneAnswers(plane);
        }
    }

    [LoggerMessage(300, LogLevel.Warning, "{Plane}: {Code}: {Reason} {Hint}")]
    private partial void ControlPlaneFailed(Uri plane, string code, string reason, string hint);

    [LoggerMessage(301, LogLevel.Information, "The control plane {Plane} answers again.")]
    private partial void ControlPlaneAnswers(Uri plane);
}
