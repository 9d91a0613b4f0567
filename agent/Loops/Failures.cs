using Dweb.Agent.ControlPlane;
using Dweb.Agent.Leases;
using Microsoft.Extensions.Logging;

namespace Dweb.Agent.Loops;

/// <summary>What a refusal of the control plane means for this agent; tells of a condition once, not at every attempt.</summary>
internal sealed partial class Failures(Standing standing, ILogger<Failures> log)
{
    private string? last;

    public void Note(ControlPlaneException failure)
    {
        if (failure.IsSuperseded)
        {
            standing.Supersede();
        }
        else if (failure.IsDuplicate)
        {
            standing.Duplicate();
        }

        if (Interlocked.Exchange(ref last, failure.Error.Code) != failure.Error.Code)
        {
            ControlPlaneFailed(failure.Error.Code, failure.Message, failure.Error.Hint);
        }
    }

    public void Recovered()
    {
        if (Interlocked.Exchange(ref last, null) is not null)
        {
            ControlPlaneAnswers();
        }
    }

    [LoggerMessage(300, LogLevel.Warning, "{Code}: {Reason} {Hint}")]
    private partial void ControlPlaneFailed(string code, string reason, string hint);

    [LoggerMessage(301, LogLevel.Information, "The control plane answers again.")]
    private partial void ControlPlaneAnswers();
}
