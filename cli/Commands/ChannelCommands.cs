using System.CommandLine;
using Dweb.Cli.Errors;
using Dweb.Cli.Invocation;
using Dweb.Cli.Onchain;
using Dweb.Cli.Terminal;
using Dweb.Core.Protocol;

namespace Dweb.Cli.Commands;

/// <param name="Current">Digest that orders which follow the channel run; null before its first move.</param>
/// <param name="Next">Digest it moves to; null when no move waits.</param>
/// <param name="NextFrom">Unix time in seconds from which that counts; 0 when no move waits.</param>
internal sealed record ChannelView(EvmAddress Publisher, string Name, string Channel, string? Current, string? Next, ulong NextFrom);

/// <summary>Channels of images: what orders follow whose users allow upgrades.</summary>
internal static class ChannelCommands
{
    private static readonly string[] Names = ["stable", "edge"];

    public static IEnumerable<Command> Create(Verbs verbs) => [Move(verbs), List(verbs)];

    private static Command Move(Verbs verbs)
    {
        var image = ImageChangeCommands.ImageArgument("IMAGE");
        var channel = new Argument<string>("CHANNEL") { Description = "stable or edge." };
        channel.AcceptOnlyFromAmong(Names);
        return verbs.Verb(
            "channel", "Moves a channel of the image's name to it, after the delay of channels.", "dweb image channel httpd stable --wallet dave", [image, channel],
            async (run, cancellationToken) =>
            {
                var found = await new ImageNames(run.Chain).ResolveAsync(run.Get(image), run.Self, cancellationToken);
                await Change.SendAsync(
                    run, run.Chain.Images.MoveChannel(run.Get(channel), found.Digest), $"{found.Name} {run.Get(channel)}", ImageCommands.Digest(found.Digest),
                    $"the move of channel {run.Get(channel)} of '{found.Name}' to {ImageCommands.Digest(found.Digest)}", cancellationToken);
            });
    }

    private static Command List(Verbs verbs)
    {
        var publisher = ValueParsers.AddressArgument("PUBLISHER", "Address of the publisher.");
        var name = new Argument<string>("NAME") { Description = "Name of the images." };
        return verbs.Verb(
            "channels", "Shows where the channels of a publisher's images point.", "dweb image channels 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 httpd",
            [publisher, name], async (run, cancellationToken) =>
            {
                await run.Chain.RequireAsync(cancellationToken);
                var views = new List<ChannelView>();
                foreach (string channel in Names)
                {
                    views.Add(await ReadAsync(run.Chain, run.Get(publisher), run.Get(name), channel, cancellationToken));
                }

                run.Printer.Show(views, CliJson.Default.IReadOnlyListChannelView, static all => Printer.Table(
                    ["IMAGE", "CHANNEL", "NOW", "NEXT", "FROM"],
                    all.Select(static c => (string[])
                        [c.Name, c.Channel, c.Current ?? "nothing", c.Next ?? "", c.Next is null ? "" : SentenceValues.Time(c.NextFrom)])));
            });
    }

    private static async Task<ChannelView> ReadAsync(DwebChain chain, EvmAddress publisher, string name, string channel, CancellationToken cancellationToken)
    {
        var found = await chain.Images.ChannelOfAsync(publisher, name, channel, cancellationToken: cancellationToken);
        bool waits = found.Next != found.Current;
        return new ChannelView(
            publisher, name, channel, found.Current.IsZero ? null : ImageCommands.Digest(found.Current), waits ? ImageCommands.Digest(found.Next) : null,
            waits ? found.NextFrom : 0);
    }
}
