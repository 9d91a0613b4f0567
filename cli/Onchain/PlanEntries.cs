using Dweb.Chain.Contracts;
using Dweb.Chain.Rpc;
using Dweb.Core.Metering;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Messages;
using Dweb.Core.Resources;
using PlanEntry = Dweb.Core.Protocol.Messages.PlanEntry;

namespace Dweb.Cli.Onchain;

/// <summary>Entries of plans that people write themselves.</summary>
internal static class PlanEntries
{
    /// <summary>A replica on a COE, at no more than the host asks at the head of the chain.</summary>
    /// <exception cref="DwebException">The order has no such service, or its reservation at this ask is wider than the chain's widths.</exception>
    public static async Task<PlanEntry> MakeAsync(
        DwebChain chain, LeaseBook.Events.OrderAdmitted order, ushort service, ushort replica, ushort generation, Hash32 coe, CancellationToken cancellationToken)
    {
        if (service >= order.Services.Count || replica >= order.Services[service].Replicas)
        {
            throw new DwebException(Catalogue.NotFound, $"The order has no replica {service}-{replica}.");
        }

        var ask = PriceVector.FromList((await chain.Coes.CoeOfAsync(coe, cancellationToken: cancellationToken)).Ask);
        var reserved = ResourceVector.FromList(order.Services[service].Reserved);
        return Rates.TryLock(ask, ask, reserved, 0, 0, out var terms) == SkipCode.None
            ? new PlanEntry(service, replica, generation, coe, terms!.HostRate)
            : throw new DwebException(Catalogue.PlanRefused, $"What replica {service}-{replica} reserves costs more on this COE than the chain can write.");
    }

    /// <summary>The generation that the next lease of a replica has.</summary>
    public static async Task<ushort> NextGenerationAsync(DwebChain chain, Hash32 order, ushort service, ushort replica, CancellationToken cancellationToken)
    {
        var logs = await ChainEvents.ReadAsync(
            chain.Client, [chain.Addresses.LeaseBook], [[LeaseBook.Events.LeaseOpened.Topic], null, [order]], chain.Addresses.Block, null, cancellationToken);
        var generations = logs
            .Select(static log => LeaseBook.Events.LeaseOpened.TryDecode(log, out var opened) ? opened : null)
            .OfType<LeaseBook.Events.LeaseOpened>()
            .Where(opened => opened.Service == service && opened.Replica == replica)
            .Select(static opened => opened.Generation + 1);
        return (ushort)generations.DefaultIfEmpty(0).Max();
    }

    /// <exception cref="DwebException">The chain passed over an entry; the transaction was carried out all the same.</exception>
    public static void RequireAll(TransactionReceipt receipt)
    {
        foreach (var log in receipt.Logs)
        {
            if (LeaseBook.Events.EntrySkipped.TryDecode(log, out var skipped))
            {
                throw new DwebException(Catalogue.PlanRefused, $"The chain passed over entry {skipped.Index} of the plan: {SkipSentences.Of((SkipCode)skipped.Code)}");
            }
        }
    }
}
