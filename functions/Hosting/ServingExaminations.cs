using Dweb.Functions.Coes;
using Dweb.Functions.Disputes;

namespace Dweb.Functions.Hosting;

/// <summary>Puts together what a process asks disputed containers with.</summary>
internal static class ServingExaminations
{
    public static ServingExamination Create(IServiceProvider provider, IReportedAddresses addresses, bool probePrivateAddresses) => new(
        provider.GetRequiredService<DisputesOnChain>(), addresses, provider.GetRequiredService<Heartbeats>(), provider.GetRequiredService<ServingProbe>(),
        probePrivateAddresses, provider.GetRequiredService<TimeProvider>());
}
