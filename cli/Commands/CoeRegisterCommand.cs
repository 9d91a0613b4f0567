using System.CommandLine;
using System.Numerics;
using Dweb.Cli.Invocation;
using Dweb.Cli.Terminal;
using Dweb.Core.Protocol;
using Dweb.Core.Resources;

namespace Dweb.Cli.Commands;

/// <summary><c>coe register</c>: offers a machine's resources, with a stake. Safe to repeat.</summary>
internal sealed class CoeRegisterCommand
{
    private readonly Argument<string> name = new("NAME") { Description = "Name of the COE; the host's own choice." };
    private readonly Option<string> agent = new("--agent")
    {
        Description = "The agent's key, which serves this COE for ever: a wallet of this machine, or an address and its --consent.",
        HelpName = "WALLET|ADDRESS",
        Required = true,
    };

    private readonly Option<EvmSignature?> consent = CoeConsentCommand.ConsentOption();
    private readonly Option<ulong> cpu = Capacity("--cpu", "Offered CPU in mCPU.");
    private readonly Option<ulong> memory = Capacity("--memory", "Offered memory in MiB.");
    private readonly Option<ulong> storage = Capacity("--storage", "Offered storage in MiB.");
    private readonly Option<ulong> bandwidth = Capacity("--bandwidth", "Offered bandwidth in Mbit/s.");
    private readonly Option<ulong> transfer = Capacity("--transfer", "Offered data transfer in GiB.");

    private readonly Option<IReadOnlyList<BigInteger>> ask = new("--ask")
    {
        Description = "Prices in wei per unit and second; of transfer per MiB. What is not named is free.",
        HelpName = "cpu=N,memory=N,…",
        Required = true,
        CustomParser = ValueParsers.One<IReadOnlyList<BigInteger>>(
            AskText.TryParse, "a list of prices as cpu=100,memory=50,storage=1,bandwidth=20,transfer=1000, in wei"),
    };

    private readonly Option<byte> region = new("--region")
    {
        Description = "Where it is: " + string.Join(", ", Region.All) + ".",
        HelpName = "REGION",
        Required = true,
        CustomParser = ValueParsers.One<byte>(Region.TryParse, "a region"),
    };

    private readonly Option<string> address = new("--endpoint") { Description = "Where the COE says it can be reached.", HelpName = "URL", DefaultValueFactory = static _ => "" };
    private readonly Option<BigInteger> stake = ValueParsers.AmountOption("--stake", "DWEB put up as a bond for leases.");

    public static Command Create(Verbs verbs)
    {
        var options = new CoeRegisterCommand();
        options.stake.Required = true;
        return verbs.Verb(
            "register", "Registers a COE of the wallet, with its stake.",
            "dweb coe register frankfurt-1 --agent 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 --cpu 4000 --memory 4096 --storage 10240 --bandwidth 1000 "
            + "--transfer 1000 --ask cpu=100000000,memory=20000000,storage=1000000,bandwidth=5000000,transfer=1000000000 --region eu-central --stake 1000 --wallet host1",
            [
                options.name, options.agent, options.consent, options.cpu, options.memory, options.storage, options.bandwidth, options.transfer, options.ask,
                options.region, options.address, options.stake,
            ],
            async (run, cancellationToken) =>
            {
                var result = await options.RegisterAsync(run, cancellationToken);
                run.Printer.Show(result, CliJson.Default.CoeRegistration, static r => Printer.Table(
                    ["COE", "ID", "HOST", "AGENT"], [[r.Name, r.Coe.ToString(), r.Host.ToString(), r.Agent.ToString()]]));
            });
    }

    private static Option<ulong> Capacity(string name, string description) => new(name) { Description = description, HelpName = "N", Required = true };

    private Task<CoeRegistration> RegisterAsync(Run run, CancellationToken cancellationToken)
    {
        string called = run.Get(name);
        var key = TokenCommands.Account(run, run.Get(agent)!).Address;
        var terms = new CoeTerms(
            called, key, run.Get(region), [run.Get(cpu), run.Get(memory), run.Get(storage), run.Get(bandwidth), run.Get(transfer)], run.Get(ask)!, run.Get(address)!, run.Get(stake));
        return CoeRegistrar.RegisterAsync(
            run, terms, coe => CoeConsentCommand.Find(run, coe, key, run.Get(consent)),
            $"COE '{called}' in {Region.NameOf(terms.Region)} with a stake of {Amount.FormatGrouped(terms.Stake)} DWEB", cancellationToken);
    }
}
