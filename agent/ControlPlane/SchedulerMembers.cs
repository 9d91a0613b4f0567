using System.Collections.Concurrent;
using Dweb.Core.Protocol.Http;
using Microsoft.Extensions.Logging;

namespace Dweb.Agent.ControlPlane;

/// <summary>
/// The scheduler members, who find by themselves whether this COE lives. What they answer moves nothing here: one that is away, hangs or says that this
/// agent is to go stops nothing.
/// </summary>
internal sealed partial class SchedulerMembers(IReadOnlyList<SchedulerMember> members, ILogger<SchedulerMembers> log)
{
    private readonly ConcurrentDictionary<SchedulerMember, string> failing = new();

    /// <summary>Until the first of them is to be told again; null where there is none.</summary>
    public TimeSpan? Left => members.Count == 0 ? null : members.Min(static member => member.Pulse.Left);

    /// <summary>Tells each whose turn it is and that has answered the last time, without waiting for any.</summary>
    public async Task TellAsync(HeartbeatRequest heartbeat, CancellationToken cancellationToken)
    {
        foreach (var member in members)
        {
            await member.Pulse.BeatAsync(() => TellAsync(member, heartbeat, cancellationToken));
        }
    }

    private async Task TellAsync(SchedulerMember member, HeartbeatRequest heartbeat, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await member.Client.BeatMemberAsync(heartbeat, cancellationToken);
            member.Pulse.Ask(answer.IntervalMs);
            if (failing.TryRemove(member, out _))
            {
                MemberHears(member.Address);
            }
        }
        catch (ControlPlaneException failure)
        {
            if (failing.GetValueOrDefault(member) != failure.Error.Code)
            {
                failing[member] = failure.Error.Code;
                MemberFailed(member.Address, failure.Error.Code, failure.Message);
            }
        }
    }

    [LoggerMessage(310, LogLevel.Warning, "Scheduler member {Address} does not take heartbeats ({Code}): {Reason}")]
    private partial void MemberFailed(Uri address, string code, string reason);

    [LoggerMessage(311, LogLevel.Information, "Scheduler member {Address} takes heartbeats again.")]
    private partial void MemberHears(Uri address);
}

/// <param name="Client">Speaks to that member alone, with a clock of its own.</param>
/// <param name="Pulse">As often as that member asks.</param>
internal sealed record SchedulerMember(Uri Address, ControlPlaneClient Client, Pulse Pulse);
