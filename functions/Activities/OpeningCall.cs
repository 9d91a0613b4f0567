using Dweb.Chain.Contracts;
using Dweb.Core.Protocol;
using Order = Dweb.Core.Protocol.Messages.Order;
using Plan = Dweb.Core.Protocol.Messages.Plan;

namespace Dweb.Functions.Activities;

/// <summary>The transaction that admits an order and opens its leases.</summary>
internal static class OpeningCall
{
    // Upper bounds of what was measured, with a half on top; what is not used is not paid. An estimate would cost a round trip.
    private const ulong AdmissionGas = 600_000;
    private const ulong GasOfService = 200_000;
    private const ulong GasOfReplica = 700_000;
    private const ulong MostGas = 29_000_000;

    /// <param name="admitted">The chain has the order already: it is only opened.</param>
    public static ContractCall Create(LeaseBook book, Order order, EvmSignature signature, Plan plan, IReadOnlyList<EvmSignature> signatures, bool admitted)
    {
        var signed = ContractArguments.Of(order);
        var services = ContractArguments.Of(order.Services);
        var quorum = ContractArguments.Of(plan);
        var entries = plan.Entries.Select(ContractArguments.Of).ToList();
        var members = signatures.Select(static s => s.ToArray()).ToList();
        return admitted
            ? book.Open(signed, services, quorum, entries, members)
            : book.AdmitAndOpen(signed, services, signature.ToArray(), quorum, entries, members);
    }

    public static ulong GasBound(Order order, Plan plan) =>
        Math.Min(MostGas, AdmissionGas + (GasOfService * (ulong)order.Services.Count) + (GasOfReplica * (ulong)plan.Entries.Count));
}
