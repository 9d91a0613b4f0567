using Dweb.Agent.ControlPlane;
using Dweb.Agent.Leases;
using Dweb.Agent.Reporting;

namespace Dweb.Agent.Loops;

/// <summary>All that this agent has with one control plane. Nothing of it is shared, so that none waits for another, nor learns of another's trouble.</summary>
/// <param name="Client">Signs with the agent key, by that control plane's clock.</param>
/// <param name="Pulse">When it is told next that this agent lives.</param>
/// <param name="News">What it has still to be told of leases.</param>
/// <param name="UsageIsUrgent">Wakes who sends it usage.</param>
/// <param name="Logs">Logs that it asked for.</param>
/// <param name="Specs">Specs that it was found to lack.</param>
internal sealed record ControlPlaneLink(
    Uri Address, ControlPlaneClient Client, Failures Failures, Pulse Pulse, PhaseNews News, WakeSignal UsageIsUrgent, LogDesk Logs, SpecDesk Specs);
