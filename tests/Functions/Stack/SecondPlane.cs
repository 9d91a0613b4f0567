using System.Globalization;
using Dweb.Chain.Keystores;
using Dweb.Chain.Signing;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;

namespace Dweb.Functions.Tests.Stack;

/// <summary>Another control plane over a stack's chain: its storage, its folder, its senders of transactions and its way to the node are its own; the members are the same.</summary>
public sealed class SecondPlane : IAsyncDisposable
{
    private const string Password = "only for tests";
    private readonly string folder = Directory.CreateTempSubdirectory("dweb-second-").FullName;
    private readonly Azurite storage = new();

    /// <summary>Between it and the chain.</summary>
    public RpcGate Gate { get; private set; } = null!;

    public ControlPlane Plane { get; private set; } = null!;

    public async Task StartAsync(TestStack stack, CancellationToken cancellationToken)
    {
        await storage.StartAsync(cancellationToken);
        Gate = await RpcGate.StartAsync(stack.Chain.Endpoint);
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePorts.One()}"));
        string keystore = Path.Combine(folder, "gas.json");
        await File.WriteAllTextAsync(
            keystore, KeystoreV3.Encrypt(await stack.Chain.CreateKeyAsync(cancellationToken), Password, KeystoreStrength.Light), cancellationToken);
        var settings = stack.SettingsWith(
            ("AzureWebJobsStorage", storage.ConnectionString), ("Dweb__DataFolder", Path.Combine(folder, "data")), ("Dweb__ListenUrl", address.ToString()),
            ("Dweb__RpcUrl", Gate.Endpoint.ToString()), ("Dweb__GasKeystores", keystore));
        Plane = new ControlPlane(settings, address);
        await Plane.StartAsync(cancellationToken);
    }

    /// <summary>The order as this one tells it; null while it does not know it.</summary>
    public async Task<OrderView?> FindAsync(Hash32 order, PrivateKey user, CancellationToken cancellationToken)
    {
        string login = await Plane.LoginAsync(user, cancellationToken);
        var own = await Plane.GetAsync("/api/orders", DwebJson.Default.IReadOnlyListOrderView, login, cancellationToken);
        return own.SingleOrDefault(view => view.OrderHash == order);
    }

    public async ValueTask DisposeAsync()
    {
        if (Plane is not null)
        {
            await Plane.DisposeAsync();
        }

        if (Gate is not null)
        {
            await Gate.DisposeAsync();
        }

        await storage.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
