namespace Dweb.Functions.Disputes;

/// <summary>How often and how long a container is asked: a moment's trouble, of its host or on the way to it, is no failure to serve.</summary>
/// <param name="Pause">Between two attempts.</param>
/// <param name="Patience">For an answer.</param>
internal sealed record ProbePace(int Attempts, TimeSpan Pause, TimeSpan Patience)
{
    private const int Most = 4;
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestPatience = TimeSpan.FromSeconds(10);

    /// <summary>Over in little more than half of the time that is left: the verdict has to be signed and sent in it too.</summary>
    public static ProbePace For(TimeSpan left) => new(Most, Shorter(left / 20, LongestPause), Shorter(left / 10, LongestPatience));

    /// <summary>Of a scheduler member, whom somebody waits for that has asked more often already.</summary>
    public static ProbePace OfMember(TimeSpan left) => new(2, Shorter(left / 20, TimeSpan.FromSeconds(1)), Shorter(left / 10, TimeSpan.FromSeconds(2)));

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
