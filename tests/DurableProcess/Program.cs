using System.Globalization;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Dweb.Durable;
using Dweb.Durable.Hub;
using Dweb.Durable.Process;
using Dweb.Durable.Storage;
using Dweb.Durable.Tests.Fixtures;
using Microsoft.Extensions.Logging.Abstractions;

// A hub in a process of its own, for tests that kill it or stop it: CONNECTION HUB LOCKS EFFECTS WRITE before|after.
// At the write of that number (0: at none) it says AT and waits for a line; it ends with DONE and the number of its writes, or with LOST.
if (args is not [var connection, var hubName, var locks, var effects, var write, "before" or "after"])
{
    await Console.Error.WriteLineAsync("usage: CONNECTION HUB LOCKS EFFECTS WRITE before|after");
    return 2;
}

var options = new EmbeddedHubOptions
{
    HubName = hubName,
    Tables = new TableServiceClient(connection),
    Blobs = new BlobServiceClient(connection),
    LockDirectory = locks == "-" ? null : locks,
    LeaseDuration = TimeSpan.FromSeconds(15),
};
var inner = new AzureHubStore(hubName, options.Tables, options.Blobs);
var store = new StoreBetween(inner)
{
    DiesAt = int.Parse(write, CultureInfo.InvariantCulture),
    AfterWriting = args[5] == "after",
    Dying = async () =>
    {
        await Console.Out.WriteLineAsync("AT");
        _ = await Console.In.ReadLineAsync();
        return true;
    },
};
var registry = CrashProgram.Orchestrations(new EffectFiles(effects).Take);
var worker = new OrchestratorWorker(registry);
await using var hub = new EmbeddedHub(new HubEngine(
    options, store, new BlobHubLease(options, inner.Container, TimeProvider.System, NullLogger.Instance), (request, ct) => new(worker.ExecuteAsync(request, ct)),
    new ActivityWorker(registry).ExecuteAsync, TimeProvider.System, NullLogger.Instance));
await hub.StartAsync(CancellationToken.None);
try
{
    await CrashProgram.DriveAsync(hub, hub.LeaseLost);
    await CrashProgram.FinishedAsync(hub, inner, hub.LeaseLost);
    await hub.StopAsync(CancellationToken.None);
}
catch (Exception lost) when (hub.LeaseLost.IsCancellationRequested && lost is OperationCanceledException or HubLeaseException)
{
    await Console.Out.WriteLineAsync("LOST");
    return 3;
}

await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"DONE {store.Writes}"));
return 0;
