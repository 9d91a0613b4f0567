using System.CommandLine;
using Dweb.Cli.Invocation;
using Dweb.Cli.Terminal;
using Dweb.Core.Protocol;

namespace Dweb.Cli.Commands;

/// <param name="Quorum">Members that have to sign.</param>
/// <param name="Epoch">Rises with every change of members; what former members signed counts no longer.</param>
internal sealed record CommitteeView(EvmAddress Governor, ulong Epoch, byte Quorum, IReadOnlyList<EvmAddress> Members);

/// <summary>The scheduler committee: whose signatures decide which COE runs what.</summary>
internal static class CommitteeCommands
{
    public static Command Create(Verbs verbs) => Verbs.Group("committee", "The scheduler committee that assigns leases.", Show(verbs), Set(verbs));

    private static Command Show(Verbs verbs) => verbs.Verb("show", "Shows members, quorum and epoch.", "dweb committee show", [], async (run, cancellationToken) =>
    {
        await run.Chain.RequireAsync(cancellationToken);
        var committee = run.Chain.Committee;
        var view = new CommitteeView(
            await committee.OwnerAsync(cancellationToken: cancellationToken), await committee.EpochAsync(cancellationToken: cancellationToken),
            await committee.QuorumAsync(cancellationToken: cancellationToken), await committee.MembersOfAsync(cancellationToken: cancellationToken));
        run.Printer.Show(view, CliJson.Default.CommitteeView, static v =>
        {
            Printer.Table([">EPOCH", "QUORUM", "GOVERNOR"], [[$"{v.Epoch}", $"{v.Quorum} of {v.Members.Count}", v.Governor.ToString()]]);
            Printer.Table(["MEMBER"], v.Members.Select(static member => (string[])[member.ToString()]));
        });
    });

    private static Command Set(Verbs verbs)
    {
        var members = new Argument<EvmAddress[]>("ADDRESS")
        {
            Description = "Every member from now on.",
            Arity = ArgumentArity.OneOrMore,
            CustomParser = ValueParsers.Many<EvmAddress>(EvmAddress.TryParse, "an address"),
        };
        var quorum = new Option<byte>("--quorum") { Description = "Members that have to sign: 1 to half of them, rounded up.", HelpName = "M", Required = true };
        return verbs.Verb(
            "set", "As governor: sets the members. Where a DAO governs, prints the proposal.",
            "dweb committee set 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 --quorum 1 --wallet governor", [members, quorum], async (run, cancellationToken) =>
            {
                var all = run.Get(members);
                byte needed = run.Get(quorum);
                await run.Chain.RequireAsync(cancellationToken);
                await Governed.SendAsync(
                    run, await run.Chain.Committee.OwnerAsync(cancellationToken: cancellationToken), run.Chain.Committee.SetCommittee(all, needed),
                    ["setCommittee(address[],uint8)", $"[{string.Join(',', all)}]", $"{needed}"], $"a committee of {all.Length} of which {needed} sign", cancellationToken);
            });
    }
}
