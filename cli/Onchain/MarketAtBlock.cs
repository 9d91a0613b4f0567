using Dweb.Chain.Contracts;
using Dweb.Chain.Rpc;
using Dweb.Core.Placement;
using Dweb.Core.Protocol.Messages;
using Dweb.Core.Resources;

namespace Dweb.Cli.Onchain;

/// <summary>The market as the chain had it after a block, read from contracts alone: what a scheduler member that had read this block worked with.</summary>
internal sealed class MarketAtBlock(DwebChain chain)
{
    public async Task<MarketSnapshot> ReadAsync(ulong block, CancellationToken cancellationToken)
    {
        var at = BlockTag.Number(block);
        var head = await chain.Client.GetBlockAsync(at, cancellationToken) ?? throw new InvalidOperationException($"The node does not have block {block}.");
        var tariff = await chain.Settings.TariffAsync(at, cancellationToken);
        var offers = new List<CoeOffer>();
        foreach (var registered in await CoeNames.ReadAsync(chain, cancellationToken))
        {
            var coe = await chain.Coes.CoeOfAsync(registered.Id, at, cancellationToken);
            if ((CoeStatus)coe.Status != CoeStatus.None)
            {
                offers.Add(Offer(registered, coe, await chain.Coes.OfferOfAsync(registered.Id, chain.Addresses.LeaseBook, at, cancellationToken), head.Timestamp));
            }
        }

        return new MarketSnapshot(
            block, head.Timestamp, offers, PriceVector.FromList(tariff.ReferencePrices), tariff.FeeBps,
            (await chain.Book.ParamsAsync(cancellationToken: cancellationToken)).Grace);
    }

    private static CoeOffer Offer(RegisteredCoe registered, Coe coe, Offer offer, ulong now) => new(
        registered.Id, registered.Name, (CoeStatus)coe.Status, coe.Region, ResourceVector.FromList(coe.Capacity), ResourceVector.FromList(coe.Assigned),
        PriceVector.FromList(now < coe.NextAskFrom ? coe.Ask : coe.NextAsk), coe.Stake, coe.Locked)
    {
        OsRevoked = offer.OsRevoked,
        AcceptsBook = offer.Accepted,
    };
}
