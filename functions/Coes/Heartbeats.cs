using System.Collections.Concurrent;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Functions.Settings;

namespace Dweb.Functions.Coes;

/// <summary>
/// Who was heard when, by this process's monotonic clock. After a start every COE gets a fresh span before it counts as lost, or a restart of the
/// control plane would move the world; and so after it stood still, for what it did not hear then it cannot hold against anybody. One agent a COE: a second one waits until the first has been silent, then the first is told to go.
/// </summary>
internal sealed class Heartbeats(ProgramSettings settings, TimeProvider time)
{
    private readonly ConcurrentDictionary<Hash32, Heard> heard = new();
    private long started = time.GetTimestamp();
    private volatile bool begun;
    private long looked = time.GetTimestamp();

    public TimeSpan Span => settings.Heartbeat * 2.5;

    /// <summary>
    /// True once every agent that is alive had its span to be heard in: never before anybody can be spoken to, though orchestrations go on by then, and not
    /// in the first moments after this process stood still, in which nobody has noticed that yet.
    /// </summary>
    public bool HasHeardAll => begun && time.GetElapsedTime(Interlocked.Read(ref looked)) <= settings.Heartbeat && time.GetElapsedTime(Interlocked.Read(ref started)) > Span;

    /// <summary>This process can be spoken to from now on: nobody could be heard before, however long it took to get here.</summary>
    public void Begin()
    {
        Interlocked.Exchange(ref started, time.GetTimestamp());
        begun = true;
    }

    /// <summary>Says that this process runs; to be called several times a heartbeat. After more than a heartbeat without, every COE gets a fresh span.</summary>
    /// <returns>True when it had stood still.</returns>
    public bool Look()
    {
        long now = time.GetTimestamp();
        bool stoodStill = time.GetElapsedTime(Interlocked.Read(ref looked), now) > settings.Heartbeat;
        if (stoodStill)
        {
            Interlocked.Exchange(ref started, now);
        }

        // Last: who finds that this process runs finds the fresh span too.
        Interlocked.Exchange(ref looked, now);
        return stoodStill;
    }

    /// <summary>Takes note of a heartbeat.</summary>
    /// <returns>False for a pair of incarnation and sequence that is not newer than the last one: its content is out of date.</returns>
    /// <exception cref="DwebException">Another agent holds the key: 409 while that one is alive, 410 when this one was replaced.</exception>
    public bool Beat(Hash32 coe, string agentId, ulong incarnation, ulong sequence)
    {
        var entry = heard.GetOrAdd(coe, static _ => new Heard());
        lock (entry)
        {
            Admit(entry, agentId, incarnation);
            bool newer = entry.Sequence is not { } last || sequence > last;
            if (newer)
            {
                // Anybody can say again what was said before.
                entry.Sequence = sequence;
                entry.At = time.GetTimestamp();
                entry.AtWallMs = time.GetUtcNow().ToUnixTimeMilliseconds();
            }

            return newer;
        }
    }

    /// <summary>Whether this agent may speak for the COE. Only heartbeats say that it is alive.</summary>
    /// <exception cref="DwebException">As for <see cref="Beat"/>.</exception>
    public void Check(Hash32 coe, string agentId, ulong incarnation)
    {
        var entry = heard.GetOrAdd(coe, static _ => new Heard());
        lock (entry)
        {
            Admit(entry, agentId, incarnation);
        }
    }

    /// <summary>True when the COE's agent was heard in this process and not too long ago.</summary>
    public bool IsLive(Hash32 coe) => heard.TryGetValue(coe, out var entry) && entry.At is { } at && time.GetElapsedTime(at) <= Span;

    /// <summary>True when the COE had its span and was not heard in it.</summary>
    public bool IsLost(Hash32 coe) => HasHeardAll && !IsLive(coe);

    /// <summary>How long until one of those that are live would count as lost, if nothing were heard any more; null where none is.</summary>
    public TimeSpan? UntilNextLoss => heard.Values.Select(static entry => entry.At).OfType<long>().Select(at => Span - time.GetElapsedTime(at))
        .Where(static left => left >= TimeSpan.Zero).Select(static left => (TimeSpan?)left).Min();

    /// <summary>How long the COE has not been heard; since the start of this process where it was not heard at all.</summary>
    public TimeSpan SilentFor(Hash32 coe) => time.GetElapsedTime(heard.TryGetValue(coe, out var entry) && entry.At is { } at ? at : Interlocked.Read(ref started));

    /// <returns>Unix milliseconds, or null when it was not heard since the start.</returns>
    public long? LastHeardMs(Hash32 coe) => heard.TryGetValue(coe, out var entry) && entry.At is not null ? entry.AtWallMs : null;

    /// <summary>Of one agent's starts the newest counts, whichever of its messages comes first; its heartbeats are numbered anew.</summary>
    private void Admit(Heard entry, string agentId, ulong incarnation)
    {
        if (entry.Superseded.Contains(agentId))
        {
            throw new DwebException(Catalogue.AgentSuperseded, $"Agent {entry.AgentId} took over from {agentId}.");
        }

        if (entry.AgentId is { } holder && holder != agentId)
        {
            if (entry.At is { } at && time.GetElapsedTime(at) <= Span)
            {
                throw new DwebException(Catalogue.AgentDuplicate, $"Agent {holder} was heard {time.GetElapsedTime(at).TotalSeconds:0.0} s ago.");
            }

            entry.Superseded.Add(holder);
        }
        else if (incarnation < entry.Incarnation)
        {
            throw new DwebException(Catalogue.AgentSuperseded, $"A later start of agent {agentId} is running.");
        }

        if (entry.AgentId != agentId || entry.Incarnation != incarnation)
        {
            entry.Sequence = null;
        }

        (entry.AgentId, entry.Incarnation) = (agentId, incarnation);
    }

    private sealed class Heard
    {
        private const long Never = long.MinValue;
        private long at = Never;

        public string? AgentId { get; set; }

        public ulong Incarnation { get; set; }

        /// <summary>Of the last heartbeat of this incarnation; null before there was one.</summary>
        public ulong? Sequence { get; set; }

        /// <summary>Null before it was heard. Written under the entry's lock and read without.</summary>
        public long? At
        {
            get
            {
                long known = Interlocked.Read(ref at);
                return known == Never ? null : known;
            }

            set => Interlocked.Exchange(ref at, value ?? Never);
        }

        public long AtWallMs { get; set; }

        public HashSet<string> Superseded { get; } = new(StringComparer.Ordinal);
    }
}
