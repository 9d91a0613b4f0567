using Dweb.Functions.Coes;
using Dweb.Functions.Indexing;

namespace Dweb.Functions.Disputes;

/// <summary>Asks a disputed container whether it serves, several times, and gathers what a judgement needs. It changes nothing.</summary>
/// <param name="probePrivateAddresses">Hosts and users share a private network: its addresses are asked too.</param>
internal sealed class ServingExamination(
    DisputesOnChain disputes, IReportedAddresses addresses, Heartbeats heartbeats, ServingProbe probe, bool probePrivateAddresses, TimeProvider time)
{
    /// <param name="ports">How many the user's spec publishes; null when the spec is not known.</param>
    public async Task<ServingFacts> RunAsync(LeaseRecord lease, int? ports, ProbePace pace, CancellationToken cancellationToken)
    {
        bool mayRun = await disputes.MayRunAsync(lease, cancellationToken);
        for (int attempt = 1; mayRun && ports > 0; attempt++)
        {
            // A container that was started anew answers elsewhere.
            var asked = ProbeTargets.Of(addresses.FindUrls(lease.LeaseId) ?? [], probePrivateAddresses);
            string? answer = await probe.AskAsync(asked, pace.Patience, cancellationToken);
            if (answer is not null || attempt == pace.Attempts)
            {
                // It may have been ended meanwhile, and stopped for that.
                return new ServingFacts(await disputes.MayRunAsync(lease, cancellationToken), ports, IsHeard(lease), asked, attempt, answer);
            }

            await Task.Delay(asked.Count == 0 ? pace.Pause + pace.Patience : pace.Pause, time, cancellationToken);
        }

        return new ServingFacts(mayRun, ports, IsHeard(lease), [], 0, null);
    }

    private bool IsHeard(LeaseRecord lease) =>
        addresses.FindUrls(lease.LeaseId) is not null || heartbeats.LastHeardMs(lease.Coe) is not null || heartbeats.IsLost(lease.Coe);
}
