using Dweb.Agent.ControlPlane;
using Dweb.Agent.Leases;
using Dweb.Agent.Settings;
using Dweb.Agent.State;
using Dweb.Agent.Trust;
using Dweb.Agent.Usage;
using Dweb.Chain.Rpc;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dweb.Agent.Loops;

/// <summary>
/// Signs the counters of all leases and sends them to one control plane each interval, and at once when a container stopped. They are cumulative and in the journal, so
/// that a batch which did not arrive needs no queue: the next one says it all.
/// </summary>
internal sealed partial class UsageLoop(
    ControlPlaneLink plane, UsageSigner signer, UsageBook book, UsageJournal journal, ITicketSource chain, ChainClock clock, AgentSettings settings, ILogger<UsageLoop> log)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await plane.UsageIsUrgent.WaitAsync(settings.UsageInterval, stoppingToken);
            var entries = book.Read();
            if (entries.Count == 0)
            {
                continue;
            }

            try
            {
                // After the counters were taken: the chain holds them against this time.
                ulong asOf = await chain.ReadTimeAsync(stoppingToken);
                clock.Note(asOf);
                await journal.AppendAsync(asOf, entries, stoppingToken);
                foreach (var batch in signer.SignAll(asOf, entries))
                {
                    using var step = DurableSteps.Try(DurableStep.UsageSent);
                    await plane.Client.SubmitUsageAsync(batch, stoppingToken);
                }
            }
            catch (RpcUnavailableException)
            {
                // The loop that reads the chain's clock tells of it; the next batch says all that this one would have.
            }
            catch (IOException failure)
            {
                // What is not written down is not signed: the disk is full or broken, and the next batch says it all.
                Unwritten(failure.Message);
            }
            catch (ControlPlaneException failure)
            {
                plane.Failures.Note(failure);
            }
        }
    }

    [LoggerMessage(385, LogLevel.Error, "Usage cannot be written to the journal and is not sent: {Reason}")]
    private partial void Unwritten(string reason);
}
