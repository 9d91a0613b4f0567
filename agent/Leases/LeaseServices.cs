using Dweb.Agent.Metering;
using Dweb.Agent.Reporting;
using Dweb.Agent.Runtimes;
using Dweb.Agent.Trust;
using Dweb.Agent.Usage;

namespace Dweb.Agent.Leases;

/// <summary>What every lease's worker works with.</summary>
/// <param name="PublicHost">Host part of the URLs that are reported.</param>
internal sealed record LeaseServices(
    IContainerRuntime Runtime,
    ITicketSource Tickets,
    LeaseLauncher Launcher,
    LeasePremises Premises,
    ContainerCounters Counters,
    EngineClock EngineClock,
    LeaseStore Store,
    PhaseBoard Board,
    UsageBook Usage,
    UsageJournal Journal,
    ChainClock Clock,
    Standing Standing,
    Doubts Doubts,
    LeasePolicy Policy,
    AgentStanding Me,
    string PublicHost,
    TimeProvider Time);
