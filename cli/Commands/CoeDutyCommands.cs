using System.CommandLine;
using Dweb.Cli.Invocation;
using Dweb.Cli.Onchain;
using Dweb.Core.Protocol;

namespace Dweb.Cli.Commands;

/// <summary>Who serves a COE, who is paid, what it runs on, and whether it takes leases.</summary>
internal static class CoeDutyCommands
{
    public static IEnumerable<Command> Create(Verbs verbs) =>
    [
        Payee(verbs), RotateAgent(verbs), OsImage(verbs), AcceptBook(verbs),
        Draining(verbs, "drain", "Takes no new lease for a COE; those that run go on.", "the draining of", true),
        Draining(verbs, "undrain", "Takes leases again for a COE that drains.", "the end of the draining of", false),
        Draining(verbs, "resume", "As undrain: takes leases again.", "the end of the draining of", false),
        Suspension(verbs, "suspend", "As guardian: keeps new leases from a COE.", "the suspension of", "guardian", true),
        Suspension(verbs, "unsuspend", "As governor: lets a suspended COE take leases again.", "the end of the suspension of", "governor", false),
    ];

    private static Command Payee(Verbs verbs)
    {
        var name = CoeChange.CoeArgument();
        var payee = ValueParsers.AddressArgument("ADDRESS", "Who is paid what the COE earns.");
        return verbs.Verb(
            "payee", "Changes who is paid what a COE earns.", "dweb coe payee frankfurt-1 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 --wallet host1", [name, payee],
            (run, cancellationToken) => CoeChange.SendAsync(
                run, run.Get(name), (coes, coe) => coes.SetPayee(coe.Id, run.Get(payee)), $"{run.Get(payee)} as payee of", cancellationToken));
    }

    private static Command RotateAgent(Verbs verbs)
    {
        var name = CoeChange.CoeArgument();
        var agent = new Argument<string>("AGENT") { Description = "The new agent's key, which serves this COE for ever: a wallet of this machine, or an address and its --consent." };
        var consent = CoeConsentCommand.ConsentOption();
        return verbs.Verb(
            "rotate-agent", "Changes the key that signs a COE's usage; the former counts no longer.",
            "dweb coe rotate-agent frankfurt-1 agent2 --wallet host1", [name, agent, consent], (run, cancellationToken) =>
            {
                var key = TokenCommands.Account(run, run.Get(agent)).Address;
                return CoeChange.SendAsync(
                    run, run.Get(name), (coes, coe) => coes.RotateAgent(coe.Id, key, CoeConsentCommand.Find(run, coe.Id, key, run.Get(consent)).ToArray()),
                    $"{key} as agent of", cancellationToken);
            });
    }

    private static Command OsImage(Verbs verbs)
    {
        var name = CoeChange.CoeArgument();
        var image = new Argument<string>("OSIMAGE") { Description = "CHANNEL@VERSION or the id of a host image; 'none' claims no host image." };
        return verbs.Verb(
            "os", "Says which host image a COE runs on.", "dweb coe os frankfurt-1 stable@1.2 --wallet host1", [name, image], async (run, cancellationToken) =>
            {
                var claimed = run.Get(image) == "none"
                    ? Hash32.Zero
                    : (await new OsImageNames(run.Chain).ResolveAsync(run.Get(image), run.Self, cancellationToken)).OsImage;
                await CoeChange.SendAsync(
                    run, run.Get(name), (coes, coe) => coes.SetOsImage(coe.Id, claimed), $"host image {run.Get(image)} of", cancellationToken);
            });
    }

    private static Command AcceptBook(Verbs verbs)
    {
        var name = CoeChange.CoeArgument();
        var book = ValueParsers.AddressArgument("BOOK", "Address of a lease book that the registry knows.");
        return verbs.Verb(
            "accept-book", "Lets another lease book assign leases to a COE.", "dweb coe accept-book frankfurt-1 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 --wallet host1",
            [name, book], (run, cancellationToken) => CoeChange.SendAsync(
                run, run.Get(name), (coes, coe) => coes.AcceptBook(coe.Id, run.Get(book)), $"lease book {run.Get(book)} for", cancellationToken));
    }

    private static Command Draining(Verbs verbs, string verb, string description, string change, bool draining)
    {
        var name = CoeChange.CoeArgument();
        return verbs.Verb(verb, description, $"dweb coe {verb} frankfurt-1 --wallet host1", [name], (run, cancellationToken) => CoeChange.SendAsync(
            run, run.Get(name), (coes, coe) => coes.SetDraining(coe.Id, draining), change, cancellationToken));
    }

    private static Command Suspension(Verbs verbs, string verb, string description, string change, string by, bool suspended)
    {
        var name = CoeChange.CoeArgument();
        return verbs.Verb(verb, description, $"dweb coe {verb} frankfurt-1 --wallet {by}", [name], (run, cancellationToken) => CoeChange.SendAsync(
            run, run.Get(name), (coes, coe) => coes.SetSuspended(coe.Id, suspended), change, cancellationToken));
    }
}
