using System.Globalization;
using Dweb.Cli.ControlPlane;
using Dweb.Cli.Home;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Cli.Deploying;

/// <summary>The orders of a wallet, as the control plane tells them to whoever proves to hold it.</summary>
internal sealed class OwnOrders(ControlPlaneClient api, LoginFlow login, OpenableWallet wallet)
{
    // Below the time that idle connections are kept by what may stand between.
    private const int WaitMs = 20_000;

    public Task<IReadOnlyList<OrderView>> ListAsync(CancellationToken cancellationToken) =>
        GetAsync("/api/orders", DwebJson.Default.IReadOnlyListOrderView, cancellationToken);

    /// <param name="text">Name, hash, or the beginning of a hash. Among orders of one name those that still live are meant.</param>
    /// <exception cref="DwebException">None, or more than one, fits.</exception>
    public async Task<OrderView> ResolveAsync(string text, CancellationToken cancellationToken)
    {
        var all = await ListAsync(cancellationToken);
        OrderView[] living = [.. all.Where(order => order.Name == text && !IsOver(order.Status))];
        return living.Length == 1 ? living[0] : NameResolution.Resolve(text, "order", all, static order => order.OrderHash, static order => order.Name);
    }

    /// <param name="text">Lease id or the beginning of one, <c>SERVICE-REPLICA</c>, or <c>SERVICE</c> if it has one replica. Open leases come first.</param>
    /// <param name="order">Name or hash of the order it belongs to.</param>
    /// <exception cref="DwebException">None, or more than one, fits.</exception>
    public async Task<LeaseView> ResolveLeaseAsync(string text, string? order, CancellationToken cancellationToken)
    {
        var orders = order is null ? await ListAsync(cancellationToken) : [await ResolveAsync(order, cancellationToken)];
        LeaseView[] all = [.. orders.SelectMany(static o => o.Leases)];
        LeaseView[] named = [.. all.Where(lease => NameOf(lease) == text || lease.ServiceName == text)];
        LeaseView[] open = [.. named.Where(static lease => lease.State == LeaseState.Open)];
        return (open.Length > 0 ? open : named) switch
        {
            [var one] => one,
            [] => NameResolution.Resolve(text, "lease", all, static lease => lease.LeaseId, static _ => null),
            var several => throw new DwebException(
                Catalogue.Ambiguous, $"'{text}' fits {several.Length} leases: {string.Join(", ", several.Take(5).Select(static l => $"{NameOf(l)} ({l.LeaseId.ToString()[..14]})"))}."),
        };
    }

    /// <summary>Waits until an order runs or is closed; returns earlier when it never will.</summary>
    /// <param name="status">Running or Closed.</param>
    public async Task<OrderView> WaitAsync(Hash32 order, OrderStatus status, Action<string> progress, CancellationToken cancellationToken)
    {
        string? told = null;
        while (true)
        {
            string path = string.Create(CultureInfo.InvariantCulture, $"/api/orders/{order}?waitFor={status}&timeoutMs={WaitMs}");
            var view = await GetAsync(path, DwebJson.Default.OrderView, cancellationToken);
            if (view.Status == status || IsOver(view.Status))
            {
                return view;
            }

            if (OrderSentences.Progress(view) is var news && news != told)
            {
                told = news;
                progress(news);
            }
        }
    }

    public Task<OrderView> GetAsync(Hash32 order, CancellationToken cancellationToken) =>
        GetAsync($"/api/orders/{order}", DwebJson.Default.OrderView, cancellationToken);

    public Task<T> GetAsync<T>(string path, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        login.WithTokenAsync(wallet, token => api.GetAsync(path, type, token, cancellationToken), cancellationToken);

    public static bool IsOver(OrderStatus status) => status is OrderStatus.Closed or OrderStatus.Rejected or OrderStatus.Failed;

    /// <summary>What its user calls it, or the beginning of its hash.</summary>
    public static string NameOf(OrderView order) => order.Name ?? order.OrderHash.ToString()[..14];

    /// <summary><c>web-0</c>.</summary>
    public static string NameOf(LeaseView lease) => string.Create(CultureInfo.InvariantCulture, $"{lease.ServiceName}-{lease.Replica}");
}
