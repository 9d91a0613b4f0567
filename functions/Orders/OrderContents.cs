using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Stores;

namespace Dweb.Functions.Orders;

/// <summary>Keeps what an order only names: its specs, and their sealed secrets.</summary>
internal sealed class OrderContents(SpecStore specs, BundleStore bundles)
{
    /// <summary>Secrets first: where a spec is, they are.</summary>
    /// <param name="request">Checked.</param>
    public async Task PutAsync(Order order, SubmitOrderRequest request, CancellationToken cancellationToken)
    {
        await Task.WhenAll((request.Bundles ?? []).Select(bundle => bundles.PutAsync(Keccak256.Hash(bundle), bundle, cancellationToken)));
        await Task.WhenAll(order.Services.Select((service, i) => specs.PutAsync(service.SpecHash, request.Specs[i], cancellationToken)));
    }
}
