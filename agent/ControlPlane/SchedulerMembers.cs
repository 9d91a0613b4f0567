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
    private readonly Dictionary<SchedulerMember, Task> underWay = [];

    /// <summary>Tells each that has answered the last time, without waiting for any.</summary>
    public async Task TellAsync(HeartbeatRequest heartbeat, CancellationToken cancellationToken)
    {
        foreach (var member in members)
        {
            var last = underWay.GetValueOrDefault(member, Task.CompletedTask);
            if (last.IsCompleted)
            {
                await last;
                underWay[member] = TellAsync(member, heartbeat, cancellationToken);
            }
        }
    }

    private async Task TellAsync(SchedulerMember member, HeartbeatRequest heartbeat, CancellationToken cancellationToken)
    {
        try
        {
            await member.Client.BeatMemberAsync(heartbeat, cancellationToken);
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
internal sealed record SchedulerMember(Uri Address, ControlPlaneClient Client);
