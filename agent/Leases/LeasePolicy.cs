namespace Dweb.Agent.Leases;

/// <summary>How often a lease is looked at.</summary>
/// <param name="Tick">Between two looks at the chain while it does not say yet what is to become of a lease.</param>
/// <param name="Recheck">Between two readings of the ticket when nothing else asks for one.</param>
/// <param name="Look">Between two looks at a container of which the engine says nothing: its events tell of it at once, so that this only finds what they should have told.</param>
/// <param name="Keep">At least between two writings of a record in which nothing but counters changed: what was signed of them is in the journal.</param>
/// <param name="Retry">After a failure that may pass; doubles up to <see cref="MostRetry"/>.</param>
/// <param name="AbsenceGrace">How long a lease that the agent's node does not know yet, or that is listed without a spec or otherwise than the chain has it, is waited for: its node may lag behind the control plane's, that one behind another, and what was changed on its way comes anew.</param>
internal sealed record LeasePolicy(TimeSpan Tick, TimeSpan Recheck, TimeSpan Look, TimeSpan Keep, TimeSpan Retry, TimeSpan AbsenceGrace)
{
    public static readonly TimeSpan MostRetry = TimeSpan.FromSeconds(30);

    public static LeasePolicy For(TimeSpan usageInterval) => new(
        Tick: Clamp(usageInterval / 2, TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(5)),
        Recheck: Clamp(usageInterval * 5, TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(1)),
        Look: TimeSpan.FromMinutes(1),
        Keep: TimeSpan.FromSeconds(30),
        Retry: TimeSpan.FromMilliseconds(250),
        AbsenceGrace: TimeSpan.FromSeconds(15));

    private static TimeSpan Clamp(TimeSpan value, TimeSpan least, TimeSpan most) => value < least ? least : value > most ? most : value;
}
