using System.CommandLine;
using Dweb.Chain.Contracts;
using Dweb.Cli.Invocation;
using Dweb.Cli.Onchain;
using Dweb.Core.Protocol;

namespace Dweb.Cli.Commands;

/// <summary>What the owner of a repository can change about it and its releases.</summary>
internal static class CodeChangeCommands
{
    private const string ReleaseForm = "NAME@VERSION, OWNER/NAME@VERSION, or its id.";

    public static IEnumerable<Command> Create(Verbs verbs) => [Payee(verbs), Delegate(verbs), Supersede(verbs), Revoke(verbs)];

    /// <summary>For every verb that gives a reason which the chain keeps.</summary>
    internal static Option<string> ReasonOption() => new("--reason") { Description = "Why, for everybody to read.", HelpName = "TEXT", Required = true };

    private static Command Payee(Verbs verbs)
    {
        var repository = RepositoryArgument();
        var payee = AddressArgument("Who is paid its royalties from now on.");
        return verbs.Verb(
            "payee", "Changes who is paid a repository's royalties.", "dweb code payee busybox-httpd 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 --wallet carol",
            [repository, payee], (run, cancellationToken) => ChangeAsync(
                run, run.Get(repository), (code, id) => code.SetPayee(id, run.Get(payee)), $"{run.Get(payee)} as payee", cancellationToken));
    }

    private static Command Delegate(Verbs verbs)
    {
        var repository = RepositoryArgument();
        var account = AddressArgument("Whose signature of a release counts like the owner's.");
        var remove = new Option<bool>("--remove") { Description = "Its signature counts no longer." };
        return verbs.Verb(
            "delegate", "Lets another key sign a repository's releases.", "dweb code delegate busybox-httpd 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 --wallet carol",
            [repository, account, remove], (run, cancellationToken) => ChangeAsync(
                run, run.Get(repository), (code, id) => code.SetDelegate(id, run.Get(account), !run.Get(remove)),
                $"{run.Get(account)} as {(run.Get(remove) ? "no longer a delegate" : "delegate")}", cancellationToken));
    }

    private static Command Supersede(Verbs verbs)
    {
        var older = ReleaseArgument("RELEASE", "The older release: ");
        var by = ReleaseArgument("BY", "What replaces it, of the same repository: ");
        return verbs.Verb(
            "supersede", "Says which release replaces an older one.", "dweb code supersede busybox-httpd@1.0 busybox-httpd@1.1 --wallet carol", [older, by],
            async (run, cancellationToken) =>
            {
                var names = new CodeNames(run.Chain);
                var former = await names.ReleaseAsync(run.Get(older), run.Self, cancellationToken);
                var next = await names.ReleaseAsync(run.Get(by), run.Self, cancellationToken);
                await Change.SendAsync(
                    run, run.Chain.Code.Supersede(former.Id, next.Id), former.Name, former.Id.ToString(), $"the replacement of release {former.Name} by {next.Name}",
                    cancellationToken);
            });
    }

    private static Command Revoke(Verbs verbs)
    {
        var release = ReleaseArgument("RELEASE", "");
        var reason = ReasonOption();
        return verbs.Verb(
            "revoke", "Revokes a release, for ever.", "dweb code revoke busybox-httpd@1.0 --reason leaky --wallet carol", [release, reason],
            async (run, cancellationToken) =>
            {
                var named = await new CodeNames(run.Chain).ReleaseAsync(run.Get(release), run.Self, cancellationToken);
                await Change.SendAsync(
                    run, run.Chain.Code.Revoke(named.Id, run.Get(reason)!), named.Name, named.Id.ToString(), $"the revocation of release {named.Name}", cancellationToken);
            });
    }

    private static async Task ChangeAsync(
        Run run, string text, Func<CodeRegistry, System.Numerics.BigInteger, ContractCall> call, string change, CancellationToken cancellationToken)
    {
        var repository = await new CodeNames(run.Chain).RepositoryAsync(text, run.Self, cancellationToken);
        await Change.SendAsync(
            run, call(run.Chain.Code, repository.Repository), repository.Name, ChainEvents.Topic(repository.Repository).ToString(),
            $"{change} of repository '{repository.Name}'", cancellationToken);
    }

    private static Argument<string> RepositoryArgument() => new("REPO") { Description = "Name of a repository, or OWNER/NAME." };

    private static Argument<string> ReleaseArgument(string name, string what) => new(name) { Description = what + ReleaseForm };

    private static Argument<EvmAddress> AddressArgument(string description) => ValueParsers.AddressArgument("ADDRESS", description);
}
