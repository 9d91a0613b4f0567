using Dweb.Core.Protocol;
using Dweb.Durable;

namespace Dweb.Functions.Orchestrations;

/// <param name="Since">Unix time of the chain since which it has not been heard.</param>
internal sealed record CoeSilence(Hash32 Coe, ulong Since);

/// <summary>What is so of a COE that was silent.</summary>
internal enum CoeStanding
{
    /// <summary>It is silent still and has leases, or this process has not listened for long enough to know.</summary>
    Silent,

    /// <summary>It is heard again.</summary>
    Heard,

    /// <summary>It has no open lease any more: whatever ran there runs elsewhere, or has ended.</summary>
    Vacated,
}

/// <summary>
/// One silence of a COE, from its loss until it is heard again or has nothing more to lose. Its orders are told at once by who noticed; this tells those that
/// a process did not live to tell, and those whose leases were opened there meanwhile.
/// </summary>
internal static class CoeHealth
{
    public static async Task<CoeStanding> RunAsync(OrchestrationContext context, CoeSilence input)
    {
        for (int tries = 1; tries <= Persistence.MostTries; tries++)
        {
            await context.CreateTimerAsync(Persistence.PauseAfter(tries));
            var standing = await context.CallAsync(Definitions.TendSilentCoe, input, Persistence.ThroughOutages);
            if (standing != CoeStanding.Silent)
            {
                return standing;
            }
        }

        context.ContinueAsNew(input);
        return CoeStanding.Silent;
    }
}
