using System.Globalization;
using Dweb.Chain.Keystores;
using Dweb.Chain.Signing;
using Dweb.Core.Protocol;
using Dweb.Functions.Tests.Host;
using Dweb.Functions.Tests.Kills;
using Dweb.Functions.Tests.Stack;

[assembly: AssemblyFixture(typeof(TestStack))]

namespace Dweb.Functions.Tests.Stack;

/// <summary>The whole surroundings, real: storage, chain with contracts, registry, the control plane as a process. Started for the first test that asks.</summary>
public sealed class TestStack : IAsyncDisposable
{
    /// <summary>For one test, the start of the stack included: contracts may have to be compiled first.</summary>
    public const int PatienceMs = 5 * 60 * 1000;

    /// <summary>Of agents to a control plane that is not behind gates.</summary>
    public const int HeartbeatMs = 4_000;
    private const int CommitteeSize = 3;
    private readonly string folder = Directory.CreateTempSubdirectory("dweb-functions-").FullName;
    private readonly Lazy<Task> started;
    private readonly List<EvmAddress> senders = [];
    private Dictionary<string, string> settings = [];

    private readonly PublishedApp? hosted;
    private readonly Gates? gates;
    private readonly int memberCount;
    private HostDouble? host;

    public TestStack()
        : this(hosted: null)
    {
    }

    private TestStack(PublishedApp? hosted, Gates? gates = null, int members = 0) =>
        (this.hosted, this.gates, memberCount, started) = (hosted, gates, members, new Lazy<Task>(StartAsync));

    /// <summary>Another one, whose control plane is what was published, as a custom handler.</summary>
    public static TestStack UnderAHost(PublishedApp app) => new(app);

    /// <summary>Another one, whose control plane reaches storage and chain through gates, and counts silence by short heartbeats.</summary>
    public static TestStack Behind(Gates gates) => new(hosted: null, gates);

    /// <summary>Another one, whose control plane has no key: three members are processes of their own, any two of them sign.</summary>
    public static TestStack WithMembers() => new(hosted: null, members: CommitteeSize);

    /// <summary>The same, and the control plane reaches the first of them through gates; all count silence by short heartbeats.</summary>
    public static TestStack WithMembersBehind(Gates gates) => new(hosted: null, gates, CommitteeSize);

    /// <summary>Scheduler members that are other processes; none where the control plane has the key.</summary>
    public IReadOnlyList<SchedulerMember> Members { get; private set; } = [];

    /// <summary>The host of one that is under a host.</summary>
    public HostDouble Host => host ?? throw new InvalidOperationException("This control plane is alone.");

    public Azurite Storage { get; } = new();

    public LocalChain Chain { get; } = new();

    /// <summary>Between the control plane and the chain.</summary>
    public RpcGate Gate { get; private set; } = null!;

    public ImageRegistry Registry { get; } = new();

    public ControlPlane Plane { get; private set; } = null!;

    public PrivateKey SchedulerKey { get; } = PrivateKey.Create();

    public Market Market { get; private set; } = null!;

    public async Task<TestStack> ReadyAsync()
    {
        await started.Value;
        return this;
    }

    /// <summary>The settings of the running control plane with others in their place, for a second one.</summary>
    public Dictionary<string, string> SettingsWith(params (string Name, string Value)[] changes)
    {
        var changed = new Dictionary<string, string>(settings);
        foreach (var (name, value) in changes)
        {
            changed[name] = value;
        }

        return changed;
    }

    /// <summary>Lets the control plane send transactions, or none: it signs what it would send, and the chain does not take it.</summary>
    public Task SetGasAsync(bool enough, CancellationToken cancellationToken) =>
        Task.WhenAll(senders.Select(sender => Chain.SetCoinAsync(sender, enough ? LocalChain.Plenty : "0x0", cancellationToken)));

    /// <summary>Kills the control plane as a power cut would and starts it again on the same storage.</summary>
    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        await Plane.KillAsync();
        await Plane.StartAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (Plane is not null)
        {
            await Plane.DisposeAsync();
        }

        if (host is not null)
        {
            await host.DisposeAsync();
        }

        foreach (var member in Members)
        {
            await member.DisposeAsync();
        }

        if (Gate is not null)
        {
            await Gate.DisposeAsync();
        }

        await Registry.DisposeAsync();
        await Chain.DisposeAsync();
        await Storage.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private async Task StartAsync()
    {
        using var limit = new CancellationTokenSource(PatienceMs);
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePorts.One()}"));
        var memberKeys = Enumerable.Range(0, memberCount).Select(static _ => PrivateKey.Create()).ToList();
        await MakeRegistryKeyAsync(limit.Token);
        await Task.WhenAll(
            Storage.StartAsync(limit.Token),
            Chain.StartAsync(memberCount == 0 ? [SchedulerKey.Address] : [.. memberKeys.Select(static key => key.Address)], limit.Token),
            Registry.StartAsync(new Uri(address, "/registry/token"), Path.Combine(folder, "registry.cert.pem"), limit.Token));
        Gate = await RpcGate.StartAsync(Chain.Endpoint);
        settings = await WriteSettingsAsync(address, limit.Token);
        if (gates is not null)
        {
            settings["Dweb__HeartbeatMs"] = "3000";
        }

        await StartMembersAsync(memberKeys, limit.Token);
        if (gates is not null && memberCount == 0)
        {
            settings["AzureWebJobsStorage"] = await gates.BeforeStorageAsync(Storage.ConnectionString);
            settings["Dweb__RpcUrl"] = await gates.BeforeChainAsync(Chain.Endpoint);
        }

        await StartPlaneAsync(address, limit.Token);
        Market = await Market.CreateAsync(this, limit.Token);
    }

    private async Task StartMembersAsync(List<PrivateKey> keys, CancellationToken cancellationToken)
    {
        if (keys.Count == 0)
        {
            return;
        }

        var members = new List<SchedulerMember>();
        foreach (var key in keys)
        {
            var listen = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePorts.One()}"));
            string keystore = await WriteAsync($"{key.Address}.json", KeystoreV3.Encrypt(key, "only for tests", KeystoreStrength.Light), cancellationToken);
            members.Add(new SchedulerMember(SettingsOfMember(listen, keystore), listen, key.Address));
        }

        Members = members;
        settings.Remove("Dweb__SchedulerKeystore");
        var first = gates is null ? members[0].Address : await gates.BeforeMemberAsync(members[0].Address);
        settings["Dweb__Members"] = string.Join(',', members.Skip(1).Select(static member => member.Address).Prepend(first));
        await Task.WhenAll(members.Select(member => member.StartAsync(cancellationToken)));
    }

    private Dictionary<string, string> SettingsOfMember(Uri listen, string keystore) => new()
    {
        ["Dweb__RpcUrl"] = settings["Dweb__RpcUrl"],
        ["Dweb__DeploymentFile"] = settings["Dweb__DeploymentFile"],
        ["Dweb__ListenUrl"] = listen.ToString(),
        ["Dweb__SchedulerKeystore"] = keystore,
        ["Dweb__SchedulerPasswordFile"] = settings["Dweb__SchedulerPasswordFile"],
        ["Dweb__HeartbeatMs"] = settings["Dweb__HeartbeatMs"],
        ["Dweb__ProbePrivateAddresses"] = settings["Dweb__ProbePrivateAddresses"],
    };

    private async Task StartPlaneAsync(Uri address, CancellationToken cancellationToken)
    {
        if (hosted is null)
        {
            Plane = new ControlPlane(settings, address);
            await Plane.StartAsync(cancellationToken);
            return;
        }

        host = new HostDouble(address, Storage.ConnectionString, settings);
        await host.StartAsync(cancellationToken);
        Plane = new ControlPlane(host.Settings, address, host.HandlerPort, hosted);
        await Plane.StartAsync(cancellationToken);
        host.Pump();
    }

    private async Task MakeRegistryKeyAsync(CancellationToken cancellationToken)
    {
        await using var init = ControlPlane.Launch(new Dictionary<string, string>(), "--init-registry-key", folder);
        Assert.True(await init.WaitForExitAsync(cancellationToken) == 0, init.Output);
    }

    private async Task<Dictionary<string, string>> WriteSettingsAsync(Uri address, CancellationToken cancellationToken)
    {
        string password = await WriteAsync("password", "only for tests\n", cancellationToken);
        string scheduler = await WriteAsync("scheduler.json", KeystoreV3.Encrypt(SchedulerKey, "only for tests", KeystoreStrength.Light), cancellationToken);
        var gas = new List<string>();
        for (int i = 0; i < 2; i++)
        {
            var key = await Chain.CreateKeyAsync(cancellationToken);
            senders.Add(key.Address);
            gas.Add(await WriteAsync($"gas-{i}.json", KeystoreV3.Encrypt(key, "only for tests", KeystoreStrength.Light), cancellationToken));
        }

        return new Dictionary<string, string>
        {
            ["AzureWebJobsStorage"] = Storage.ConnectionString,
            ["Dweb__RpcUrl"] = Gate.Endpoint.ToString(),
            ["Dweb__DeploymentFile"] = Chain.DeploymentFilePath,
            ["Dweb__ListenUrl"] = address.ToString(),
            ["Dweb__SchedulerKeystore"] = scheduler,
            ["Dweb__SchedulerPasswordFile"] = password,
            ["Dweb__GasKeystores"] = string.Join(':', gas),
            ["Dweb__GasPasswordFile"] = password,
            ["Dweb__RegistryUrl"] = Registry.Endpoint.ToString(),
            ["Dweb__RegistryTokenKey"] = Path.Combine(folder, "registry.key.pem"),
            ["Dweb__RegistryTokenCertificate"] = Path.Combine(folder, "registry.cert.pem"),
            ["Dweb__DataFolder"] = Path.Combine(folder, "data"),
            ["Dweb__HeartbeatMs"] = HeartbeatMs.ToString(CultureInfo.InvariantCulture),
            ["Dweb__UpgradeOverlapSeconds"] = "20",
            ["Dweb__UpgradeMonitorSeconds"] = "1",
            ["Dweb__SettlementSchedule"] = "*/3 * * * * *",

            // Never while a test runs: what a test has spoilt is for the reconciliation that it begins itself.
            ["Dweb__ReconciliationSchedule"] = "0 0 0 1 1 *",
            ["Dweb__MinSettleWei"] = "0",
            ["Dweb__ProbePrivateAddresses"] = "true",
            ["Dweb__QuarantineSeconds"] = "2",
        };
    }

    private async Task<string> WriteAsync(string name, string text, CancellationToken cancellationToken)
    {
        string path = Path.Combine(folder, name);
        await File.WriteAllTextAsync(path, text, cancellationToken);
        return path;
    }
}
