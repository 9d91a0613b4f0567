using System.CommandLine;
using System.Numerics;
using Dweb.Cli.Invocation;
using Dweb.Cli.Terminal;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Messages;
using Dweb.Core.Resources;

namespace Dweb.Cli.Commands;

/// <param name="Transaction">Null when it was registered before, just so.</param>
internal sealed record CoeRegistration(Hash32 Coe, string Name, EvmAddress Host, EvmAddress Agent, Hash32? Transaction);

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

    private async Task<CoeRegistration> RegisterAsync(Run run, CancellationToken cancellationToken)
    {
        var chain = run.Chain;
        var transactions = run.Transactions;
        var host = transactions.Account.Address;
        string called = run.Get(name);
        var key = TokenCommands.Account(run, run.Get(agent)!).Address;
        IReadOnlyList<ulong> capacity = [run.Get(cpu), run.Get(memory), run.Get(storage), run.Get(bandwidth), run.Get(transfer)];
        var asks = run.Get(ask)!;
        await chain.RequireAsync(cancellationToken);
        var id = Ids.Coe(chain.DomainOf(chain.Addresses.CoeRegistry), host, called);
        var known = await chain.Coes.CoeOfAsync(id, cancellationToken: cancellationToken);
        if (known.Host == host)
        {
            bool same = known.Agent == key && known.Region == run.Get(region) && known.Endpoint == run.Get(address) && known.Capacity.SequenceEqual(capacity)
                && known.NextAsk.SequenceEqual(asks);
            return same
                ? new CoeRegistration(id, called, host, key, null)
                : throw new DwebException(Catalogue.NameTaken, $"COE '{called}' ({id}) is registered with another agent, capacity, ask, region or endpoint.");
        }

        var agreed = CoeConsentCommand.Find(run, id, key, run.Get(consent));
        await CoeStakeCommands.ApproveAsync(
            run, transactions, run.Get(stake), $"COE '{called}' in {Region.NameOf(run.Get(region))} with a stake of {Amount.FormatGrouped(run.Get(stake))} DWEB", cancellationToken);
        var call = chain.Coes.Register(called, key, agreed.ToArray(), run.Get(region), capacity, asks, run.Get(address)!, run.Get(stake), chain.Addresses.LeaseBook);
        var receipt = await transactions.SendAsync(call, what: null, cancellationToken);
        return new CoeRegistration(id, called, host, key, receipt.TransactionHash);
    }
}
