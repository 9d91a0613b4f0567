using System.Net;
using Dweb.Agent.Images;
using Dweb.Agent.Isolation;
using Dweb.Agent.Leases;
using Dweb.Agent.Machine;
using Dweb.Agent.Metering;
using Dweb.Agent.Reporting;
using Dweb.Agent.Runtimes;
using Dweb.Agent.Secrets;
using Dweb.Agent.Settings;
using Dweb.Agent.Tests.Several;
using Dweb.Agent.Tests.Support;
using Dweb.Agent.Trust;
using Dweb.Agent.Usage;
using Dweb.Agent.Volumes;
using Dweb.Chain.Signing;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Resources;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dweb.Agent.Tests.Leases;

/// <summary>
/// One lease that runs on an engine in memory, with counters as the kernel would show them and a chain that says what the test has it say. Nothing is looked at
/// again for a long time unless there is a reason.
/// </summary>
internal sealed class Berth : IDisposable
{
    private const int Pid = 7;

    private static readonly LeasePolicy Policy = new(
        Tick: TimeSpan.FromHours(1), Recheck: TimeSpan.FromHours(2), Look: TimeSpan.FromHours(2), Keep: TimeSpan.FromHours(3), Retry: TimeSpan.FromHours(1), AbsenceGrace: TimeSpan.Zero);

    private readonly TemporaryFolder folder = new();
    private readonly List<LeaseTable> tables = [];

    public Berth()
    {
        Kernel = new KernelFiles(folder);
        Directory.CreateDirectory(folder.File("leases"));
    }

    public AssignmentDocument Assignment { get; } = Given.Assignment();

    public string Container => ContainerNames.Of(Assignment.LeaseId);

    public MemoryEngine Engine { get; } = new() { Pid = Pid };

    public KernelFiles Kernel { get; }

    public PlayedChain Chain { get; } = new();

    public LeaseStore Store => new(folder.File("leases"), NullLogger<LeaseStore>.Instance);

    /// <summary>The lease is started by an agent that has written its record and no more.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        Kernel.Begin(Pid, start: 100);
        var plan = new ContainerPlan(
            Assignment.LeaseId, Assignment.OrderHash, Given.Coe, "alpha", 1, "image", Given.Spec(), new ResourceVector(250, 32, 64, 10, 1), IPAddress.Loopback)
        {
            Network = NetworkPlan.Of(Given.Coe, AddressRange.Default, 0),
        };
        await Engine.StartAsync(await Engine.CreateAsync(plan, cancellationToken), cancellationToken);
        await Store.SaveAsync(LeaseRecord.For(Assignment) with { Stage = LeaseStage.Started }, cancellationToken);
    }

    public void Use(ulong cpu, ulong memory, ulong received) => Kernel.Use(Pid, cpu, memory, received, sent: 0);

    /// <summary>The container ends, and nobody tells.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        Kernel.End(Pid);
        await Engine.StopAsync(Container, cancellationToken);
    }

    /// <summary>An agent takes the lease up; whatever ran before it was killed.</summary>
    /// <returns>Once it says that the lease runs.</returns>
    public async Task<Watch> AdoptAsync(CancellationToken cancellationToken)
    {
        var time = TimeProvider.System;
        var board = new PhaseBoard(time);
        var news = board.Read();
        var book = new UsageBook(time);
        var clock = new ChainClock();
        var journal = UsageJournal.Open(folder.File("usage"), NullLogger<UsageJournal>.Instance);
        var secrets = new SecretFolders(folder.File("secrets"), static () => MountNamespace.Own);
        var bundles = new SealedBundles(folder.File("secrets"), []);
        var premises = new LeasePremises(
            Engine, new DeploymentNetworks(Engine, Given.Coe, AddressRange.Default, time),
            new LeaseVolumes(folder.File("volumes"), static () => MountNamespace.Own, NullLogger<LeaseVolumes>.Instance), secrets, bundles, new Unguarded());
        var cache = new ImageCache(Engine, "registry", 0, time, NullLogger<ImageCache>.Instance);
        Assert.True(RegistryAddress.TryParse("127.0.0.1:1", out var registry));
        Uri[] planes = [new("http://127.0.0.1:1")];
        var launcher = new LeaseLauncher(
            Engine, premises, new SecretHandout(Chain, Given.Me, bundles, secrets, AgentSealing.Of(PrivateKey.Create(), Given.Me)), cache, Chain, new ImageVerifier(new RegistryClient(new HttpClient(), registry, planes)), Given.Me, registry, IPAddress.Loopback);
        var services = new LeaseServices(
            Engine, Chain, launcher, premises, Kernel.Counters(), new EngineClock(Engine.ReadTimeAsync, time), Store, board, book, journal, clock, new Standing(planes),
            new Doubts(), Policy, Given.Me, "127.0.0.1", time);
        var table = new LeaseTable(services, planes, NullLoggerFactory.Instance);
        tables.Add(table);
        await table.AdoptAsync(cancellationToken);
        var watch = new Watch(table, news, book, clock, journal);
        await watch.UntilAsync(LeasePhase.Running, cancellationToken);
        return watch;
    }

    public void Dispose()
    {
        tables.ForEach(static table => table.Dispose());
        Engine.Dispose();
        folder.Dispose();
    }
}

/// <summary>An agent's part that looks after leases.</summary>
internal sealed record Watch(LeaseTable Table, PhaseNews News, UsageBook Book, ChainClock Clock, UsageJournal Journal) : IDisposable
{
    public async Task<LeaseReport> UntilAsync(LeasePhase phase, CancellationToken cancellationToken)
    {
        while (true)
        {
            await News.Changed.WaitAsync(Timeout.InfiniteTimeSpan, cancellationToken);
            if (News.TakeChanged() is [.., var report] && report.Phase == phase)
            {
                return report;
            }
        }
    }

    public void Dispose() => Journal.Dispose();
}

/// <summary>Says of every lease what the test has it say.</summary>
internal sealed class PlayedChain : ITicketSource
{
    private int tickets;

    public LeaseTicket Ticket { get; set; } = Given.Ticket();

    public ulong Now { get; set; } = Given.Now;

    /// <summary>How often it was asked for one.</summary>
    public int Tickets => Volatile.Read(ref tickets);

    public Task<TicketAnswer> ReadAsync(AssignmentDocument assignment, ChainView at, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref tickets);
        return Task.FromResult(new TicketAnswer(Ticket, Mismatch: null));
    }

    public Task<LeaseTicket> ReadAsync(Hash32 leaseId, ChainView at, CancellationToken cancellationToken) => Task.FromResult(Ticket);

    public Task<ulong> ReadTimeAsync(CancellationToken cancellationToken) => Task.FromResult(Now);
}
