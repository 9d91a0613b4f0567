using System.Diagnostics;

namespace Dweb.Agent.State;

/// <summary>What the agent does that outlives it: it may die before and after each of them.</summary>
internal enum DurableStep
{
    IdentityWritten,

    /// <summary>A lease's record, of one that is to be launched.</summary>
    WaitingRecordWritten,

    /// <summary>Of one that runs, with the counters that may be signed from then on.</summary>
    StartedRecordWritten,

    /// <summary>Of one that was stopped.</summary>
    EndedRecordWritten,

    /// <summary>Of one that is not run.</summary>
    RefusedRecordWritten,
    RecordDeleted,
    ImagePulled,
    ImageRemoved,
    ContainerCreated,
    ContainerStarted,
    ContainerStopped,
    ContainerRemoved,
    NetworkMade,
    NetworkRemoved,
    VolumeMade,
    VolumeMounted,
    VolumeRemoved,

    /// <summary>Memory for secrets.</summary>
    SecretsMounted,
    SecretsWritten,
    SecretsRemoved,

    /// <summary>As they came.</summary>
    SealedSecretsKept,
    SealedSecretsRemoved,
    ReportSent,

    /// <summary>What is about to be signed and sent.</summary>
    JournalWritten,
    UsageSent,
}

/// <summary>
/// Announces each step before it is taken and after it was tried, as <c>before NAME</c> and <c>after NAME</c> on a diagnostic listener, so that a test can end the
/// process there. Where nobody listens it is a look at a field.
/// </summary>
internal static class DurableSteps
{
    public const string ListenerName = "Dweb.Agent.DurableSteps";

    private static readonly DiagnosticListener Listener = new(ListenerName);

    /// <summary>Before now; after once the result is disposed of.</summary>
    public static Trying Try(DurableStep step)
    {
        Announce("before ", step);
        return new Trying(step);
    }

    private static void Announce(string when, DurableStep step)
    {
        if (Listener.IsEnabled())
        {
            Listener.Write(when + step, null);
        }
    }

    internal readonly struct Trying(DurableStep step) : IDisposable
    {
        public void Dispose() => Announce("after ", step);
    }
}
