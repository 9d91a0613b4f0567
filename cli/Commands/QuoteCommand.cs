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
/// <param name="Total">Wei for the whole duration, every allowance used up.</param>
/// <param name="Reserve">Wei held beside it while leases are open, for their storage, and given back.</param>
/// <param name="Duration">Seconds.</param>
internal sealed record QuoteResult(
    string Name, uint Duration, IReadOnlyList<QuotedImage> Images, IReadOnlyList<QuotedReplica> Replicas, BigInteger PerSecond, BigInteger Total, BigInteger Reserve,
    IReadOnlyList<BigInteger> Ceiling, IReadOnlyList<QuoteProblem> Problems);

/// <summary><c>quote</c>: what a deployment would cost now; signs nothing and holds nothing.</summary>
internal static class QuoteCommand
{
    public static Command Create(Verbs verbs)
    {
        var file = ComposeArgument();
        var duration = DurationOption();
        return verbs.Verb("quote", "Shows what a Compose file would cost now.", "dweb quote compose.yaml", [file, duration], async (run, cancellationToken) =>
        {
            var source = ComposeSource.Read(run.Get(file), null, run.Get(duration));
            var user = run.WalletName() is null ? EvmAddress.Zero : run.Wallet.Account.Address;
            var quoted = await QuotedDeployment.AskAsync(source.Deployment, user, run.Chain, run.Api, cancellationToken);
            run.Printer.Show(View(quoted), CliJson.Default.QuoteResult, static view => Print(view, Printer.Table));
        });
    }

    internal static Argument<string> ComposeArgument() => new("FILE") { Description = "Compose file." };

    internal static Option<uint?> DurationOption() => new("--duration") { Description = "Seconds that each replica may run, instead of the file's.", HelpName = "S" };

    internal static QuoteResult View(QuotedDeployment quoted) => new(
        quoted.Deployment.Name, quoted.Deployment.Duration,
        [.. quoted.Deployment.Services.Select(service => Image(service.Name, quoted))],
        quoted.Quote.Replicas, quoted.Quote.PerSecond, quoted.Quote.Total, quoted.Quote.Reserve, quoted.Ceiling.ToList(), quoted.Quote.Problems);

    internal static void Print(QuoteResult view, Action<IReadOnlyList<string>, IEnumerable<IReadOnlyList<string>>> table)
    {
        table(["SERVICE", "IMAGE", "DIGEST", "PUBLISHER"], view.Images.Select(static i => (string[])[i.Service, i.Image, i.Digest, i.Publisher.ToString()]));
        table(
            ["REPLICA", "COE", "REGION", ">HOST DWEB/S", ">ROYALTY DWEB/S", ">FEE DWEB/S", ">TOTAL DWEB"],
            [
                .. view.Replicas.Select(r => (string[])
                    [
                        $"{view.Images[r.Service].Service}-{r.Replica}", r.CoeName, r.Region, Amount.Format(r.HostPerSecond), Amount.Format(r.RoyaltyPerSecond),
                        Amount.Format(r.FeePerSecond), Amount.FormatGrouped(r.Total),
                    ]),
                [$"all, {view.Duration} s", "", "", "", "", "", Amount.FormatGrouped(view.Total)],
                .. view.Reserve.IsZero ? (string[][])[] : [["held for storage, given back", "", "", "", "", "", Amount.FormatGrouped(view.Reserve)]],
            ]);
        if (view.Problems.Count > 0)
        {
            table(["NOT PLACED", "WHY"], view.Problems.Select(p => (string[])[$"{view.Images[p.Service].Service}-{p.Replica}", p.Message]));
        }
    }

    private static QuotedImage Image(string service, QuotedDeployment quoted)
    {
        var image = quoted.Images[service];
        return new QuotedImage(service, image.Name, ImageCommands.Digest(image.Digest), image.Publisher);
    }
}
