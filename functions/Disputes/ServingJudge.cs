using System.Globalization;

namespace Dweb.Functions.Disputes;

/// <summary>What was found about a container whose user says that it does not serve.</summary>
internal enum DisputeFinding
{
    /// <summary>Nothing that a verdict could rest on.</summary>
    None,

    /// <summary>It answers.</summary>
    Served,

    /// <summary>It was to answer, and did not.</summary>
    NotServed,
}

/// <summary>What is known of a disputed container.</summary>
/// <param name="MayRun">The chain let it run, before it was first asked and after it was last asked: a container that has to stand still need not answer.</param>
/// <param name="Ports">How many the user's spec publishes; null when this control plane does not have the spec.</param>
/// <param name="IsHeard">Its agent could say where it answers: it was heard since this process began, or has been silent for too long.</param>
/// <param name="Asked">Addresses that were asked last.</param>
/// <param name="Attempts">How often.</param>
/// <param name="Answer">The first answer, in words; null for none.</param>
internal sealed record ServingFacts(bool MayRun, int? Ports, bool IsHeard, IReadOnlyList<Uri> Asked, int Attempts, string? Answer);

/// <param name="Why">A sentence, to follow what was found.</param>
internal sealed record ServingJudgement(DisputeFinding Finding, string Why);

/// <summary>
/// Judges by what a stranger sees. Any answer is one, whatever it says: what a user's program answers is not its host's doing. Where nobody can ask,
/// nobody can judge, and the time for a verdict runs out.
/// </summary>
internal static class ServingJudge
{
    public static ServingJudgement Of(ServingFacts facts) => facts switch
    {
        { MayRun: false } => new(DisputeFinding.None, "the chain does not let it run now, so it need not answer"),
        { Ports: null } => new(DisputeFinding.None, "its spec, which says whether it publishes a port, is not known here"),
        { Ports: 0 } => new(DisputeFinding.None, "it publishes no port at which it could be asked"),
        { Answer: { } answer } => new(DisputeFinding.Served, answer),
        { IsHeard: false } => new(DisputeFinding.None, "its agent has not been heard since the control plane began"),
        { Asked: [] } => new(DisputeFinding.NotServed, "its agent names no address at which strangers could reach it"),
        _ => new(DisputeFinding.NotServed, string.Create(
            CultureInfo.InvariantCulture, $"{string.Join(", ", facts.Asked.Select(static url => url.GetLeftPart(UriPartial.Authority)))} gave no answer, asked {facts.Attempts} times")),
    };
}
