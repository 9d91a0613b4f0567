using System.Globalization;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Coes;
using Dweb.Functions.Indexing;
using Dweb.Functions.Settings;

namespace Dweb.Functions.Scheduling;

/// <summary>
/// What a member says of COEs from its own ears. Two members never hear the same at the same moment, so there is an edge: for a plan a COE is silent
/// enough when its next heartbeat is overdue by half of one; for a fault nothing less than 2.5 heartbeats will do, and it waits for the last of these.
/// </summary>
internal sealed class HearingCheck(Heartbeats heartbeats, Market market, ProgramSettings settings, TimeProvider time)
{
    /// <summary>Longest wait for a COE's silence to be long enough.</summary>
    public TimeSpan LongestWait => settings.Heartbeat;

    private TimeSpan Edge => settings.Heartbeat * 1.5;

    /// <summary>Holds a plan against what is heard here: those left out must be silent, those chosen must not.</summary>
    /// <param name="silent">COEs that nothing but silence kept out.</param>
    /// <exception cref="DwebException">A COE is heard, or is not; the field says which.</exception>
    public void RequireAgreement(IReadOnlyList<PlanEntry> entries, IReadOnlyList<Hash32> silent)
    {
        for (int i = 0; i < silent.Count; i++)
        {
            if (heartbeats.LastHeardMs(silent[i]) is not null && heartbeats.SilentFor(silent[i]) <= Edge)
            {
                throw Heard(silent[i], PlanFields.Silent(i));
            }
        }

        for (int i = 0; i < entries.Count; i++)
        {
            if (heartbeats.IsLost(entries[i].Coe))
            {
                throw new DwebException(Catalogue.CoeSilent, $"COE {market.NameOfCoe(entries[i].Coe)} has not been heard here for {Seconds(heartbeats.SilentFor(entries[i].Coe))}.", PlanFields.Coe(i));
            }
        }
    }

    /// <summary>Returns once the COE has not been heard for 2.5 heartbeats, if that is at most one heartbeat ahead.</summary>
    /// <exception cref="DwebException">It is heard, or this process has not listened for long enough.</exception>
    public async Task RequireLostAsync(Hash32 coe, string field, CancellationToken cancellationToken)
    {
        var missing = heartbeats.Span - heartbeats.SilentFor(coe);
        if (!heartbeats.IsLost(coe) && heartbeats.HasHeardAll && missing <= LongestWait)
        {
            await Task.Delay(missing + TimeSpan.FromMilliseconds(1), time, cancellationToken);
        }

        if (!heartbeats.IsLost(coe))
        {
            throw heartbeats.IsLive(coe) ? Heard(coe, field) : NotYet(coe, field);
        }
    }

    /// <summary>A process that has only just started to listen knows of nobody's silence.</summary>
    /// <exception cref="DwebException">It has not listened for 2.5 heartbeats.</exception>
    public void RequireKnowledge(IReadOnlyList<Hash32> silent)
    {
        if (silent.Count > 0 && !heartbeats.HasHeardAll)
        {
            throw NotYet(silent[0], PlanFields.Silent(0));
        }
    }

    private DwebException Heard(Hash32 coe, string field) =>
        new(Catalogue.CoeHeard, $"COE {market.NameOfCoe(coe)} was heard here {Seconds(heartbeats.SilentFor(coe))} ago.", field);

    private DwebException NotYet(Hash32 coe, string field) => new(
        Catalogue.MemberRefused,
        $"This process calls nobody silent before it has listened for {Seconds(heartbeats.Span)}; COE {market.NameOfCoe(coe)} it has not heard for {Seconds(heartbeats.SilentFor(coe))}.",
        field);

    private static string Seconds(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.0} s");
}
