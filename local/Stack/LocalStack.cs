using System.Text.Json;
using Dweb.Local.Layout;
using Dweb.Local.Processes;
using Dweb.Local.Stack.Parts;
using Dweb.Local.Terminal;

namespace Dweb.Local.Stack;

/// <summary>
/// One whole local stack, in the order in which its steps depend on each other. Each start begins with an empty chain,
/// empty storage and an empty registry: what they say of each other always agrees.
/// </summary>
internal sealed class LocalStack : IAsyncDisposable
{
    /// <summary>The demo's, of the protocol's table.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(2);

    private readonly Repository _repository;
    private readonly StateFolder _state;
    private readonly Tool _tool;
    private readonly Screen _screen;
    private readonly Supervisor _supervisor;
    private readonly StoragePart _storage;
    private readonly ChainPart _chain;
    private readonly RegistryPart _registry;
    private readonly ControlPlanePart _controlPlane;
    private readonly MemberPart _members;
    private readonly AgentTraces _traces;
    private readonly List<RegisteredHost> _hosts = [];

    private LocalStack(Repository repository, StateFolder state, Tool tool, Screen screen, Supervisor supervisor, TimeSpan heartbeat, int members)
    {
        (_repository, _state, _tool, _screen, _supervisor) = (repository, state, tool, screen, supervisor);
        Addresses = Addresses.Find(members);
        Wallets = new WalletBook(state);
        Cli = new Cli(repository, state, tool, Wallets);
        _storage = new StoragePart(repository, state, Addresses);
        _chain = new ChainPart(repository, state, Addresses);
        _registry = new RegistryPart(state, Addresses);
        _controlPlane = new ControlPlanePart(repository, state, Addresses, heartbeat);
        _members = new MemberPart(repository, Addresses, heartbeat);
        _traces = new AgentTraces(repository, tool);
    }

    public Addresses Addresses { get; }

    public Engine Engine { get; private set; } = Engine.Default();

    public WalletBook Wallets { get; }

    public Cli Cli { get; }

    public string DeploymentFile => Path.Combine(_state.Root, "deployment.json");

    /// <summary>Address of a contract, once they are deployed.</summary>
    public string Contract(string name)
    {
        using var deployment = JsonDocument.Parse(File.ReadAllText(DeploymentFile));
        return deployment.RootElement.GetProperty("contracts").GetProperty(name).GetString()!;
    }

    /// <summary>Address of each wallet.</summary>
    public IReadOnlyDictionary<string, string> People { get; private set; } = new Dictionary<string, string>();

    public IReadOnlyList<RegisteredHost> Hosts => _hosts;

    /// <summary>A part that ended by itself, if any did.</summary>
    public Child? FirstEnded() => _supervisor.FirstEnded();

    /// <summary>Takes the state folder, ends what a broken start left there, and empties it; agents send a heartbeat every two seconds.</summary>
    public static Task<LocalStack> Begin(Repository repository, StateFolder state, Spawner spawner, Tool tool, Screen screen, CancellationToken stop) =>
        Begin(repository, state, spawner, tool, screen, Heartbeat, Role.Members.Count, stop);

    /// <param name="heartbeat">How often agents are asked to be heard; after 2.5 of these in silence their replicas go elsewhere.</param>
    /// <param name="members">Processes of scheduler members; none where the control plane is to sign alone.</param>
    public static async Task<LocalStack> Begin(
        Repository repository, StateFolder state, Spawner spawner, Tool tool, Screen screen, TimeSpan heartbeat, int members, CancellationToken stop)
    {
        var supervisor = await Supervisor.Take(spawner, state, stop);
        try
        {
            if (supervisor.Leftovers.Count > 0)
            {
                screen.Detail($"ended what an earlier start had left running: {string.Join(", ", supervisor.Leftovers)}");
            }

            await Remains.Clear(state, new AgentTraces(repository, tool), stop);
            return new LocalStack(repository, state, tool, screen, supervisor, heartbeat, members);
        }
        catch
        {
            await supervisor.DisposeAsync();
            throw;
        }
    }

    /// <summary>Storage, chain, registry, and an engine if none answers.</summary>
    public async Task StartInfrastructure(CancellationToken stop)
    {
        _state.Create();
        foreach (var part in (string[])["azurite", "anvil", "registry", "functions"])
        {
            Directory.CreateDirectory(_state.DataOf(part));
        }

        Wallets.Create();
        await File.WriteAllTextAsync(Path.Combine(Wallets.Home, "config.json"), CliSettings.Text(Addresses, DeploymentFile), stop);
        await Task.WhenAll(
            StartEngine(stop),
            _supervisor.Start(_storage.Plan(), stop),
            _supervisor.Start(_chain.Plan(), stop),
            StartRegistry(stop));
        _screen.Detail($"storage, chain ({Addresses.Rpc}), registry ({Addresses.RegistryName}) and engine ({Engine.Socket}) serve");
    }

    /// <summary>Keystores for everybody, on the accounts that the chain gave gas to.</summary>
    public async Task CreateWallets(CancellationToken stop)
    {
        var keys = await _chain.PublicKeys(stop);
        var addresses = new string[Role.All.Count];
        await Together.Each(Enumerable.Range(0, Role.All.Count), async (i, s) =>
        {
            var name = Role.All[i];
            var wallet = await Wallets.WithKeyFile(name, keys[i], file => Cli.Run(name, s, "wallet", "import", name, "--key-file", file, "--light"));
            addresses[i] = wallet.GetProperty("address").GetString()!;
        }, stop);
        People = Role.All.Zip(addresses).ToDictionary(p => p.First, p => p.Second, StringComparer.Ordinal);
        _screen.Detail($"wallets: {string.Join(", ", Role.All)} (the local chain's keys are public and worth nothing)");
    }

    /// <summary>Deploys the contracts as the governor; the deployment file names them.</summary>
    public async Task DeployContracts(CancellationToken stop)
    {
        await new ContractDeployment(_repository, _tool).Deploy(Addresses, People, Wallets, DeploymentFile, stop);
        using var deployment = JsonDocument.Parse(await File.ReadAllTextAsync(DeploymentFile, stop));
        foreach (var contract in deployment.RootElement.GetProperty("contracts").EnumerateObject())
        {
            _screen.Detail($"{contract.Name,-18} {contract.Value.GetString()}");
        }
    }

    /// <summary>The scheduler committee: three processes, of which any two are a quorum.</summary>
    public async Task StartMembers(CancellationToken stop)
    {
        if (Addresses.IsOneMember)
        {
            _screen.Detail("the control plane is the only scheduler member, and signs alone");
            return;
        }

        await Task.WhenAll(Role.Members.Select(member => StartMember(member, stop)));
        _screen.Detail($"scheduler members {string.Join(", ", Role.Members)} listen, each with a key of its own; any two of them sign");
    }

    /// <summary>One of them; returns when it answers.</summary>
    public Task StartMember(string member, CancellationToken stop) => _supervisor.Start(_members.Plan(Role.Members.ToList().IndexOf(member), Wallets, DeploymentFile), stop);

    /// <summary>Takes a scheduler member away as a power cut would.</summary>
    public Task KillMember(string member, CancellationToken stop) => _supervisor.Kill(member, stop);

    public async Task StartControlPlane(CancellationToken stop)
    {
        await _supervisor.Start(_controlPlane.Plan(_storage, _registry, Wallets, People[Role.Scheduler], DeploymentFile), stop);
        _screen.Detail($"control plane serves at {Addresses.Endpoint}");
    }

    public int ControlPlanePid => PidOf(ControlPlanePart.Name);

    public int PidOf(string part) => _supervisor.PidOf(part);

    /// <summary>Takes the control plane away as a power cut would.</summary>
    public Task KillControlPlane(CancellationToken stop) => _supervisor.Kill(ControlPlanePart.Name, stop);

    /// <summary>Takes from the control plane, as it runs, all that it has written, and starts it again. Its keys and settings stay.</summary>
    public async Task ResetControlPlane(CancellationToken stop)
    {
        await KillControlPlane(stop);
        var removed = await _tool.Require(
            _controlPlane.Wipe(_storage, _registry, Wallets, People[Role.Scheduler], DeploymentFile), "Its output is above; 'dweb local reset' starts from nothing.", stop);
        _screen.Detail($"the control plane is killed, {removed.Trim()}");
        await StartControlPlane(stop);
    }

    /// <summary>Registers what these hosts offer.</summary>
    public Task RegisterHosts(IEnumerable<HostRole> hosts, CancellationToken stop) => Together.Each(hosts, async (host, s) =>
    {
        await Cli.Run(host.Wallet, s, "wallet", "fund", host.Wallet, Offer.Funds);
        var registered = await Cli.Run(host.Wallet, s, Offer.Registration(host, People[host.Agent]));
        var coe = registered.GetProperty("coe").GetString()!;
        lock (_hosts)
        {
            _hosts.Add(new RegisteredHost(host, coe));
        }

        _screen.Detail($"{host.Wallet} registered COE '{host.Coe}': {Offer.Words(host)}");
    }, stop);

    /// <summary>Starts an agent for each COE; returns when the control plane has heard from all.</summary>
    public async Task StartAgents(CancellationToken stop)
    {
        var part = new AgentPart(_repository, _state, Addresses, Engine, Wallets);
        await File.WriteAllLinesAsync(Remains.CoesFile(_state), _hosts.Select(h => h.Coe).Prepend(Engine.Socket), stop);
        await Task.WhenAll(_hosts.Select(h => _supervisor.Start(part.Plan(h.Role, h.Coe, DeploymentFile, s => IsHeard(h.Coe, s)), stop)));
        _screen.Detail($"{_hosts.Count} agents are heard");
    }

    /// <summary>Takes a host's machine away as a power cut would: its agent and its containers are gone at once.</summary>
    /// <returns>How many containers there were.</returns>
    public async Task<int> KillHost(RegisteredHost host, CancellationToken stop)
    {
        // The agent first, or it would start its containers again.
        await _supervisor.Kill(host.Role.Agent, stop);
        using var client = new EngineClient(Engine);
        return await client.RemoveLabelled(Remains.CoeLabel, [host.Coe], stop);
    }

    /// <summary>Kills an agent and starts it again; its containers go on.</summary>
    /// <returns>Milliseconds from its start until the control plane had heard it.</returns>
    public async Task<long> RestartAgent(RegisteredHost host, CancellationToken stop)
    {
        await _supervisor.Kill(host.Role.Agent, stop);
        var part = new AgentPart(_repository, _state, Addresses, Engine, Wallets);
        long? heard = null;
        var started = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        await _supervisor.Start(part.Plan(host.Role, host.Coe, DeploymentFile, async s => (heard = await LastHeardMs(host.Coe, s)) >= started), stop);
        return heard!.Value - started;
    }

    public async ValueTask DisposeAsync()
    {
        // Agents before their containers, so that none is started again; containers before the engine that removes them.
        await _supervisor.StopAllBut(OwnEngine.Part);
        await Remains.RemoveContainers(_state, _traces, CancellationToken.None);
        await _supervisor.DisposeAsync();
    }

    private async Task StartEngine(CancellationToken stop)
    {
        if (await Engine.Answers(stop))
        {
            return;
        }

        var own = new OwnEngine(_state);
        await _supervisor.Start(own.Plan(), stop);
        Engine = own.Engine;
        await Remains.RemoveContainers(_state, _traces, stop);
        _screen.Detail("no container engine answered: one was started for this stack");
    }

    private async Task StartRegistry(CancellationToken stop)
    {
        await _tool.Require(_controlPlane.CreateRegistryKey(_registry), "This is a fault of the control plane; its output is above.", stop);
        await _supervisor.Start(_registry.Plan(), stop);
    }

    private async Task<bool> IsHeard(string coe, CancellationToken stop) => await View(coe, stop) is { } view && view.GetProperty("live").GetBoolean();

    /// <summary>By the control plane's clock, which is this machine's; null for one that was never heard.</summary>
    private async Task<long?> LastHeardMs(string coe, CancellationToken stop) =>
        await View(coe, stop) is { } view && view.TryGetProperty("lastHeardMs", out var heard) && heard.ValueKind == JsonValueKind.Number ? heard.GetInt64() : null;

    private async Task<JsonElement?> View(string coe, CancellationToken stop)
    {
        if (await HttpProbe.Get($"{Addresses.Endpoint}/api/coes/{coe}", stop) is not { Code: System.Net.HttpStatusCode.OK, Body: var body })
        {
            return null;
        }

        using var view = JsonDocument.Parse(body);
        return view.RootElement.Clone();
    }
}

/// <summary>A host with the COE it registered.</summary>
internal sealed record RegisteredHost(HostRole Role, string Coe);
