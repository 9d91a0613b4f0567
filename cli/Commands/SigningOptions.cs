using System.CommandLine;
using Dweb.Cli.Invocation;
using Dweb.Core.Protocol;

namespace Dweb.Cli.Commands;

/// <summary>Options of verbs that several have to sign: each signs the same words, and the one who sends them adds the others' signatures to its own.</summary>
/// <param name="signer">One of those who sign, as "a member".</param>
internal sealed class SigningOptions(string signer)
{
    private readonly Option<ulong?> deadline = new("--deadline")
    {
        Description = "Until when it counts, in Unix seconds; the latest that the chain takes otherwise. All sign the same.",
        HelpName = "TIME",
    };

    private readonly Option<EvmSignature[]> signatures = new("--signature")
    {
        Description = $"Of {signer}, as --sign printed it; may be repeated.",
        HelpName = "SIGNATURE",
        CustomParser = ValueParsers.Many<EvmSignature>(EvmSignature.TryParse, "a signature: 0x and 130 hexadecimal digits"),
    };

    private readonly Option<bool> sign = new("--sign") { Description = $"Only sign, as {signer}, and print the signature for whoever sends it." };

    public IReadOnlyList<Option> All => [deadline, signatures, sign];

    public bool OnlySigns(Run run) => run.Get(sign);

    public IReadOnlyList<EvmSignature> Given(Run run) => run.Get(signatures) ?? [];

    /// <returns>Unix time in seconds, the chain's.</returns>
    public async Task<ulong> DeadlineAsync(Run run, CancellationToken cancellationToken) => run.Get(deadline)
        ?? (await run.Chain.Client.GetHeadAsync(cancellationToken)).Timestamp + await run.Chain.Coes.AskDelayAsync(cancellationToken: cancellationToken);
}
