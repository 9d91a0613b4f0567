using Dweb.Functions.Coes;
using Dweb.Functions.Disputes;

namespace Dweb.Functions.Hosting;

/// <summary>What a process asks disputed containers with.</summary>
internal static class ServingExaminations
{
    /// <typeparam name="TAddresses">Where this process knows containers to answer.</typeparam>
    public static void Add<TAddresses>(IServiceCollection services, bool probePrivateAddresses)
        where TAddresses : IReportedAddresses
    {
        services.AddSingleton<DisputesOnChain>();
        services.AddSingleton<ServingProbe>();
        services.AddSingleton(provider => new ServingExamination(
            provider.GetRequiredService<DisputesOnChain>(), provider.GetRequiredService<TAddresses>(), provider.GetRequiredService<Heartbeats>(),
            provider.GetRequiredService<ServingProbe>(), probePrivateAddresses, provider.GetRequiredService<TimeProvider>()));
    }
}
