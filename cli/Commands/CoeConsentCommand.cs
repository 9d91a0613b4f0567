using System.CommandLine;
using Dweb.Chain.Keystores;
using Dweb.Chain.Signing;
using Dweb.Cli.Invocation;
using Dweb.Cli.Terminal;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Cli.Commands;

/// <param name="Coe">The id that the COE has, or will have.</param>
/// <param name="Consent">The agent's signature, for <c>--consent</c> of <c>coe register</c> and <c>coe rotate-agent</c>.</param>
internal sealed record ConsentView(Hash32 Coe, string Name, EvmAddress Host, EvmAddress Agent, EvmSignature Consent);

/// <summary>
/// An agent's consent to serve a COE. A key serves one COE for ever, so the registry binds none that has not agreed: signed beside the
/// registration where the key is on this machine, and by <c>coe consent</c> where it is on another.
/// </summary>
internal static class CoeConsentCommand
{
    public static Option<EvmSignature?> ConsentOption() => new("--consent")
    {
        Description = "What 'dweb coe consent' said where the agent's key is; not needed when that is a wallet of this machine.",
        HelpName = "SIGNATURE",
        CustomParser = static result => ValueParsers.One<EvmSignature>(EvmSignature.TryParse, "a signature: 0x and 130 hexadecimal digits")(result),
    };

    public static Command Create(Verbs verbs)
    {
        var name = new Argument<string>("NAME") { Description = "Name of the COE, as its host registers it." };
        var host = ValueParsers.AddressArgument("HOST", "Address of the COE's host.");
        var keystore = new Option<string?>("--keystore") { Description = "The agent's keystore, instead of a wallet.", HelpName = "FILE" };
        return verbs.Verb(
            "consent", "As agent: agrees to serve a COE of a host, for ever.",
            "dweb coe consent frankfurt-1 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 --wallet agent1", [name, host, keystore], async (run, cancellationToken) =>
            {
                await run.Chain.RequireAsync(cancellationToken);
                var domain = run.Chain.DomainOf(run.Chain.Addresses.CoeRegistry);
                var id = Ids.Coe(domain, run.Get(host), run.Get(name));
                string what = $"the consent to serve COE '{run.Get(name)}' of {run.Get(host)} ({id.ToString()[..14]}) for ever";
                var key = await KeyAsync(run, run.Get(keystore), what, cancellationToken);
                var view = new ConsentView(id, run.Get(name), run.Get(host), key.Address, Sign(domain, id, key));
                run.Printer.Show(view, CliJson.Default.ConsentView, static v =>
                {
                    Printer.Table(["COE", "ID", "HOST", "AGENT"], [[v.Name, v.Coe.ToString(), v.Host.ToString(), v.Agent.ToString()]]);
                    Printer.Table(["CONSENT"], [[v.Consent.ToString()]]);
                });
            });
    }

    /// <summary>The consent that was given, or one made with the agent's key.</summary>
    /// <exception cref="DwebException">It is not this key's, or none was given and the key is no wallet of this machine.</exception>
    public static EvmSignature Find(Run run, Hash32 coe, EvmAddress agent, EvmSignature? given)
    {
        var domain = run.Chain.DomainOf(run.Chain.Addresses.CoeRegistry);
        if (given is { } consent)
        {
            return Secp256k1.Recover(domain.Digest(new AgentConsent(coe).StructHash()), consent) == agent
                ? consent
                : throw new DwebException(Catalogue.ConsentNeeded, $"The consent is not that of {agent} to serve COE {coe}.", "--consent");
        }

        return run.Home.Wallets.List().FirstOrDefault(wallet => wallet.Address == agent) is { } here
            ? Sign(domain, coe, run.Openable(here.Name).Open())
            : throw new DwebException(Catalogue.ConsentNeeded, $"The key of agent {agent} is no wallet of this machine, and no --consent was given.", "--consent");
    }

    internal static EvmSignature Sign(TypedDataDomain domain, Hash32 coe, PrivateKey agent) => agent.SignDigest(domain.Digest(new AgentConsent(coe).StructHash()));

    private static async Task<PrivateKey> KeyAsync(Run run, string? keystore, string what, CancellationToken cancellationToken)
    {
        if (keystore is null)
        {
            return await run.Transactions.ApproveAsync(what, cancellationToken);
        }

        try
        {
            var key = KeystoreV3.Decrypt(await File.ReadAllTextAsync(keystore, cancellationToken), run.Passwords.ForExisting(keystore));
            run.Approval.Ask(what, new EvmAccount(keystore, key.Address));
            return key;
        }
        catch (KeystoreException fault)
        {
            var error = fault.Fault == KeystoreFault.WrongPassword ? Catalogue.WrongPassword : Catalogue.InvalidSetting;
            throw new DwebException(error, $"{keystore}: {fault.Message}", "--keystore", fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new DwebException(Catalogue.NotFound, $"{keystore} cannot be read: {fault.Message}", "--keystore", fault);
        }
    }
}
