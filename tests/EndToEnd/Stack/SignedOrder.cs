using System.Security.Cryptography;
using System.Text;
using Dweb.Chain.Signing;
using Dweb.Core.Manifest;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Core.Resources;

namespace Dweb.EndToEnd.Tests.Stack;

/// <summary>An order that is right in everything but what a test spoils before or after it is signed.</summary>
internal static class SignedOrder
{
    private const uint MarginBps = 2_000;

    /// <param name="image"><c>sha256:…</c> of a manifest in the demo's repository.</param>
    /// <param name="change">Made before signing.</param>
    public static async Task<SubmitOrderRequest> MakeAsync(
        RealStack stack, PrivateKey signer, EvmAddress user, string image, Func<Order, Order>? change, CancellationToken cancellationToken)
    {
        var chain = stack.Chain;
        var deployment = ComposeFile.Parse(Compose.Single($"demo/web@{image}", "eu-central"), "order.yaml");
        var head = await chain.Client.GetHeadAsync(cancellationToken);
        var asks = new List<PriceVector>();
        foreach (var host in stack.Local.Hosts)
        {
            var coe = await new Chain.Contracts.CoeRegistry(chain.Client, chain.Addresses.CoeRegistry).CoeOfAsync(Hash32.Parse(host.Coe), cancellationToken: cancellationToken);
            asks.Add(PriceVector.FromList(coe.Ask));
        }

        var tariff = await new Chain.Contracts.ProtocolSettings(chain.Client, chain.Addresses.ProtocolSettings).TariffAsync(cancellationToken: cancellationToken);
        var built = OrderBuilder.Build(deployment, new OrderInput
        {
            User = user,
            Images = new Dictionary<string, Hash32>(),
            DefaultCeiling = Ceilings.From(asks, PriceVector.FromList(tariff.ReferencePrices), MarginBps),
            Now = head.Timestamp,
            Grace = (await chain.Book.ParamsAsync(cancellationToken: cancellationToken)).Grace,
            Salt = new Hash32(RandomNumberGenerator.GetBytes(32)),
        });
        var order = change?.Invoke(built.Order) ?? built.Order;
        return new SubmitOrderRequest(
            chain.Addresses.ChainId, chain.Addresses.LeaseBook, OrderDocument.From(order),
            [.. built.Specs.Select(static s => Encoding.UTF8.GetString(s.ToCanonicalJson()))], signer.SignDigest(order.Id(chain.BookDomain)), "by-hand");
    }
}
