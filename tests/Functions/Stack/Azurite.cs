using System.Globalization;

namespace Dweb.Functions.Tests.Stack;

/// <summary>A real Azurite on free ports.</summary>
public sealed class Azurite : IAsyncDisposable
{
    private const string Account = "devstoreaccount1";

    // The emulator's published key; it opens nothing but emulators.
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
    private readonly string folder = Directory.CreateTempSubdirectory("dweb-azurite-").FullName;
    private ChildProcess? process;

    public string ConnectionString { get; private set; } = "";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var ports = FreePorts.Find(3);
        string[] names = ["Blob", "Queue", "Table"];
        string[] arguments =
        [
            Path.Combine(Repository.NodeModules, "azurite", "dist", "src", "azurite.js"), "--silent", "--skipApiVersionCheck", "--disableTelemetry",
            "--inMemoryPersistence",
            .. names.Zip(ports).SelectMany(static p => new[] { $"--{p.First.ToLowerInvariant()}Port", p.Second.ToString(CultureInfo.InvariantCulture) }),
        ];
        process = new ChildProcess("node", arguments, folder);
        ConnectionString = $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};"
            + string.Concat(names.Zip(ports).Select(static p => $"{p.First}Endpoint=http://127.0.0.1:{p.Second}/{Account};"));
        await Task.WhenAll(ports.Select(port => process.WaitForPortAsync(port, cancellationToken)));
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            await process.DisposeAsync();
        }

        Directory.Delete(folder, recursive: true);
    }
}

/// <summary>One for the tests of a class.</summary>
public sealed class AzuriteFixture : IAsyncLifetime
{
    private readonly Azurite azurite = new();

    public string ConnectionString => azurite.ConnectionString;

    public async ValueTask InitializeAsync() => await azurite.StartAsync(CancellationToken.None);

    public ValueTask DisposeAsync() => azurite.DisposeAsync();
}
