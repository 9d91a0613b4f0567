using System.CommandLine;
using System.Numerics;
using Dweb.Cli.Deploying;
using Dweb.Cli.Invocation;
using Dweb.Cli.Terminal;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;

namespace Dweb.Cli.Commands;

internal sealed record QuotedImage(string Service, string Image, string Digest, EvmAddress Publisher);

/// <param name="PerSecond">Wei for all replicas while they run.</param>
/// <param name="PerMonth">Wei for thirty days of running, every allowance used up once.</param>
/// <param name="Total">Wei for the whole duration, every allowance used up.</param>
/// <param name="Reserve">Wei held beside it while leases are open, for their storage, and given back.</param>
/// <param name="Duration">Seconds.</param>
internal sealed record QuoteResult(
    string Name, uint Duration, IReadOnlyList<QuotedImage> Images, IReadOnlyList<QuotedReplica> Replicas, BigInteger PerSecond, BigInteger PerMonth, BigInteger Total, BigInteger Reserve,
    IReadOnlyList<BigInteger> Ceiling, IReadOnlyList<QuoteProblem> Problems);

/// <summary><c>quote</c>: what a deployment would cost now; signs nothing and holds nothing.</summary>
internal static class QuoteCommand
{
    public static Command Create(Verbs verbs)
    {
        var file = ComposeArgument();
        var duration = DurationOption();
        return verbs.Verb("quote", "Shows what a Compose file would cost now, where it would run, and who gets what of it.", "dweb quote compose.yaml", [file, duration], async (run, cancellationToken) =>
        {
            var source = ComposeSource.Read(run.Get(file), null, run.Get(duration));
            var user = run.WalletName() is null ? EvmAddress.Zero : run.Wallet.Account.Address;
            var quoted = await QuotedDeployment.AskAsync(source, user, run.Chain, run.Api, cancellationToken);
            run.Printer.Show(View(quoted), CliJson.Default.QuoteResult, static view => QuoteTables.Print(view, Printer.Table));
        });
    }

    internal static Argument<string> ComposeArgument() => new("FILE") { Description = "Compose file." };

    internal static Option<uint?> DurationOption() => new("--duration") { Description = "Seconds that each replica may run, instead of the file's.", HelpName = "S" };

    internal static QuoteResult View(QuotedDeployment quoted) => new(
        quoted.Deployment.Name, quoted.Deployment.Duration,
        [.. quoted.Deployment.Services.Select(service => Image(service.Name, quoted))],
        quoted.Quote.Replicas, quoted.Quote.PerSecond,
        quoted.Quote.Replicas.Aggregate(BigInteger.Zero, static (sum, replica) => sum + QuoteTables.Month(replica)),
        quoted.Quote.Total, quoted.Quote.Reserve, quoted.Ceiling.ToList(), quoted.Quote.Problems);

    private static QuotedImage Image(string service, QuotedDeployment quoted)
    {
        var image = quoted.Images[service];
        return new QuotedImage(service, image.Name, ImageCommands.Digest(image.Digest), image.Publisher);
    }
}
