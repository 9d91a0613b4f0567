using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Numerics;
using Dweb.Chain.Contracts;
using Dweb.Chain.Signing;
using Dweb.Cli.Commands;
using Dweb.Cli.Invocation;
using Dweb.Cli.Onchain;
using Dweb.Cli.Terminal;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Resources;

namespace Dweb.Cli.Hosting;

/// <summary>Looks at machine, line, market and chain, and makes a plan of joining. Nothing is signed; a wallet that was named and is not there yet is made.</summary>
internal sealed class JoinProposal(Run run, JoinOptions options)
{
    private const int BondSeconds = 3_600;

    /// <summary>In the order of the resources.</summary>
    private const int Bandwidth = 3;

    private readonly HostFiles files = options.Host.Files(run);

    /// <exception cref="DwebException">The plan would not work: what, and what mends it.</exception>
    public async Task<JoinPlan> MakeAsync(CancellationToken cancellationToken)
    {
        await run.Chain.RequireAsync(cancellationToken);
        var agent = new AgentSecret(files).Find();
        var (range, rangeNotes) = Range();
        var (host, wallet) = Wallet();
        string name = run.Get(options.Name);
        var id = CoeRegistrar.IdOf(run, host.Address, name);
        var known = await run.Chain.Coes.CoeOfAsync(id, cancellationToken: cancellationToken);
        bool registered = known.Host == host.Address;
        await RequireOwnKeyAsync(agent, id, registered ? known : null, cancellationToken);
        var address = await PublicAddressAsync(cancellationToken);
        string url = run.Get(options.Url) ?? (address.AddressFamily == AddressFamily.InterNetworkV6 ? $"http://[{address}]" : $"http://{address}");
        var settings = Settings(id, address, range);
        string program = options.Host.FindAgent(run) ?? AgentProgram.Name;
        var plan = new JoinPlan(
            id, host, wallet, new CoeTerms(name, agent?.Address ?? EvmAddress.Zero, run.Get(options.Region), [], [], url, BigInteger.Zero), registered, null, null, "", agent, settings,
            $"{program} --config {files.Settings}", [.. await NotesAsync(address, cancellationToken), .. rangeNotes]);
        return registered ? AsRegistered(plan, known) : await ProposeAsync(plan, cancellationToken);
    }

    private (EvmAccount Account, HostStep Step) Wallet()
    {
        string name = run.WalletName() ?? throw new DwebException(Catalogue.WalletNeeded, "Joining acts for the host's wallet and none was named.");
        bool isThere = run.Home.Wallets.List().Any(wallet => wallet.Name.StartsWith(name, StringComparison.OrdinalIgnoreCase));
        if (isThere || run.Get(options.DryRun))
        {
            return (run.Wallet.Account, HostStep.Found("wallet", $"{run.Wallet.Account.Name} ({run.Wallet.Account.Address})"));
        }

        if (run.Get(options.KeyFile) is not null && run.Get(options.Keystore) is not null)
        {
            throw new DwebException(Catalogue.InvalidValue, "A key comes from --key-file or from --keystore, not from both.", "--keystore");
        }

        var key = WalletImport.FromFile(run, run.Get(options.KeyFile), run.Get(options.Keystore), run.Get(options.KeystorePassword));
        var made = WalletCommands.Store(run, name, () => key ?? PrivateKey.Create(), run.Get(options.Light));
        return (made, HostStep.Done("wallet", $"{made.Name} ({made.Address}) {(key is null ? "is new" : "has the key that was given")}; its keystore is the only copy of the key here"));
    }

    private async Task RequireOwnKeyAsync(PrivateKey? agent, Hash32 id, Coe? known, CancellationToken cancellationToken)
    {
        if (known is not null && agent?.Address != known.Agent)
        {
            throw new DwebException(
                Catalogue.AgentKeyMismatch,
                $"COE '{known.Name}' is served by agent {known.Agent}, whose key is not {(agent is null ? "in" : "the one in")} {files.Keystore}. 'dweb coe rotate-agent' gives it another.");
        }

        if (known is null && agent is not null && await run.Chain.Coes.CoeOfAgentAsync(agent.Address, cancellationToken: cancellationToken) is { IsZero: false } other && other != id)
        {
            throw new DwebException(Catalogue.NameTaken, $"The agent's key in {files.Keystore} serves COE {other}, for ever. --config-folder names a folder for another.", "--config-folder");
        }
    }

    /// <summary>The machine's offer stands: what was typed must not be something else, for nothing of it is changed here.</summary>
    private JoinPlan AsRegistered(JoinPlan plan, Coe known)
    {
        for (int i = 0; i < ResourceVector.Count; i++)
        {
            Require(run.Get(options.Capacity[i]) is not { } typed || typed == known.Capacity[i], options.Capacity[i].Name, $"offers {known.Capacity[i]}", "'dweb coe capacity' changes that");
            Require(run.Get(options.Ask)?[i] is not { } price || price == known.NextAsk[i], "--ask", $"asks {string.Join(", ", known.NextAsk)} wei", "'dweb coe asks' changes that");
        }

        Require(run.Get(options.Region) == known.Region, "--region", $"is in {Region.NameOf(known.Region)}", "another place is another COE");
        Require(run.Get(options.Url) is not { } url || url == known.Endpoint, "--url", $"says '{known.Endpoint}'", "'dweb coe endpoint' changes that");
        return plan with
        {
            Terms = plan.Terms with { Region = known.Region, Capacity = known.Capacity, Asks = known.NextAsk, Endpoint = known.Endpoint, Stake = known.Stake },
            AsksFrom = "as registered",
        };

        void Require(bool holds, string option, string stands, string mend)
        {
            if (!holds)
            {
                throw new DwebException(Catalogue.InvalidValue, $"COE '{known.Name}' is registered and {stands}; {mend}.", option);
            }
        }
    }

    private async Task<JoinPlan> ProposeAsync(JoinPlan plan, CancellationToken cancellationToken)
    {
        ulong?[] typed = [.. options.Capacity.Select(option => run.Get(option))];
        var machine = DetectedMachine.Look(StorageFolders());
        var line = typed[Bandwidth] is null ? await MeasureAsync(cancellationToken) : null;
        var found = CapacityProposal.Of(machine, line?.Slower ?? 0, run.Get(options.Share));
        if (typed[Bandwidth] is { } given)
        {
            found = found with { Bandwidth = given, Transfer = CapacityProposal.TransferOf(given) };
        }

        IReadOnlyList<ulong> capacity = [.. found.ToList().Select((amount, i) => typed[i] ?? amount)];

        var head = await run.Chain.Client.GetHeadAsync(cancellationToken);
        var proposed = MarketAsks.Propose(await new MarketAtBlock(run.Chain).ReadAsync(head.Number, cancellationToken), plan.Terms.Region, run.Get(options.Percentile), plan.Coe);
        var prices = run.Get(options.Ask);
        IReadOnlyList<BigInteger> asks = [.. proposed.Asks.Select((ask, i) => prices?[i] ?? ask)];
        string from = prices is null ? proposed.From : prices.Any(static price => price is null) ? $"--ask; what it does not name {proposed.From}" : "--ask";
        var stake = run.Get(options.Stake) ?? BigInteger.Max(
            WholeDweb(PriceVector.FromList(asks).PerSecond(ResourceVector.FromList(capacity)) * BondSeconds), await run.Chain.Coes.LeastStakeAsync(cancellationToken: cancellationToken));
        return plan with { Terms = plan.Terms with { Capacity = capacity, Asks = asks, Stake = stake }, Machine = machine, Line = line, AsksFrom = from };
    }

    private HostRuntime Runtime => run.Get(options.Runtime) ?? HostRuntime.Docker;

    private IEnumerable<string> StorageFolders()
    {
        string[] named = run.Get(options.StorageFolder) ?? [];
        return named.Length > 0 ? named : ((string[])[files.DataFolder, Runtime.Folder]).Where(folder => folder != Runtime.Folder || Directory.Exists(folder));
    }

    private Task<MeasuredLine> MeasureAsync(CancellationToken cancellationToken) => run.Get(options.BandwidthPeer) is { } peer
        ? new BandwidthProbe(run.Http, run.Time).MeasureAsync(peer, cancellationToken)
        : throw new DwebException(
            Catalogue.InvalidValue, "The bandwidth is not known: --bandwidth-peer URL measures the line against a peer, --bandwidth N says how many Mbit/s are offered.", "--bandwidth-peer");

    private static BigInteger WholeDweb(BigInteger wei) => (wei + Amount.WeiPerDweb - 1) / Amount.WeiPerDweb * Amount.WeiPerDweb;

    private AgentSettings Settings(Hash32 coe, IPAddress address, string? range) => new(
        Addresses(options.ControlPlane, () => [run.Api.Endpoint]), Addresses(options.Member, static () => []), Addresses(options.Node, () => [run.Rpc]), run.Chain.Addresses.ChainId,
        files.Deployment, coe.ToString(), files.Keystore, files.Password, files.DataFolder, Runtime.Name, run.Get(options.Engine) ?? Runtime.Address, run.Registry.Authority, address.ToString(), range);

    private (string? Range, IReadOnlyList<string> Notes) Range()
    {
        var typed = run.Get(options.NetworkRange);

        // What was set once stays: since then its addresses are in use, by the agent's own containers.
        if (new AgentConfiguration(files).NetworkRange() is { IsThere: true } set)
        {
            return (typed?.ToString() ?? set.Range, []);
        }

        var used = HostNetworks.Look();
        var range = typed ?? FreeRange.Find(used) ?? throw new DwebException(
            Catalogue.InvalidValue, $"This machine has a network or a route in every /{FreeRange.UsualPrefix} of 10.0.0.0/8: --network-range names addresses for containers.", "--network-range");
        return (range.ToString(), [.. used.Where(network => FreeRange.Overlap(network, range)).Select(network => network.ToString()).Distinct(StringComparer.Ordinal).Select(
            network => $"{range} has addresses of {network}, which this machine reaches otherwise: containers and that network are then not told apart.")]);
    }

    private string[] Addresses(Option<Uri[]> option, Func<Uri[]> otherwise)
    {
        Uri[] named = run.Get(option) ?? [];
        return [.. (named.Length > 0 ? named : otherwise()).Select(static uri => uri.AbsoluteUri)];
    }

    private async Task<IPAddress> PublicAddressAsync(CancellationToken cancellationToken)
    {
        if (run.Get(options.PublicAddress) is { } text)
        {
            return IPAddress.TryParse(text, out var typed) && !typed.Equals(IPAddress.Any) && !typed.Equals(IPAddress.IPv6Any)
                ? typed
                : throw new DwebException(Catalogue.InvalidValue, $"'{text}' is not an IP address of a machine.", "--public-address");
        }

        var plane = run.Get(options.ControlPlane) is [var first, ..] ? first : run.Api.Endpoint;
        try
        {
            // A datagram socket that is connected has sent nothing, and knows its own address.
            using var socket = new Socket(SocketType.Dgram, ProtocolType.Udp);
            await socket.ConnectAsync(plane.DnsSafeHost, plane.Port, cancellationToken);
            var found = ((IPEndPoint)socket.LocalEndPoint!).Address;
            return found.IsIPv4MappedToIPv6 ? found.MapToIPv4() : found;
        }
        catch (SocketException silent)
        {
            throw new DwebException(
                Catalogue.InvalidValue, $"The address from which {plane} is reached cannot be told ({silent.Message}); --public-address names it.", "--public-address", silent);
        }
    }

    private async Task<IReadOnlyList<string>> NotesAsync(IPAddress address, CancellationToken cancellationToken)
    {
        var notes = new List<string>();
        int members = (await run.Chain.Committee.MembersOfAsync(cancellationToken: cancellationToken)).Count;
        if (members > 1 && run.Get(options.Member) is not { Length: > 0 })
        {
            notes.Add($"The committee has {members} members and no --member names where they are: each of them will call this COE silent.");
        }

        if (PrivateAddresses.Contains(address))
        {
            notes.Add($"{address} is no address of the internet: users who are elsewhere reach no port of a container. --public-address names another.");
        }

        return notes;
    }
}
