namespace Dweb.Cli.Onchain;

/// <summary>What becomes of a proposal, in words; the numbers are the governor's.</summary>
internal static class ProposalStates
{
    private static readonly string[] Words =
    [
        "waiting for its vote", "open for votes", "cancelled", "defeated", "passed, to be queued", "queued, to be executed", "expired", "executed",
    ];

    public static int Count => Words.Length;

    public static string Describe(byte state) => state < Words.Length ? Words[state] : $"in state {state}";
}
