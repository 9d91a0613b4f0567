using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Azure.Data.Tables;
using Azure.Storage.Blobs;

namespace Dweb.Durable.Tests.Fixtures;

/// <summary>A real Azurite on free ports, one for all tests of the assembly, started for the first that asks; ended by SIGTERM.</summary>
public sealed partial class Azurite : IAsyncDisposable
{
    private const string Account = "devstoreaccount1";
    // The emulator's published key; it opens nothing but emulators.
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
    private readonly string _folder = Directory.CreateTempSubdirectory("dweb-azurite-").FullName;
    private readonly Lazy<Task> _started;
    private Process? _process;
    private string _connection = "";

    public string Connection => _connection;

    public int TablePort { get; private set; }

    public int BlobPort { get; private set; }

    public TableServiceClient Tables => new(_connection);

    public BlobServiceClient Blobs => new(_connection);

    public Azurite() => _started = new(StartAsync);

    public static string ConnectionThrough(int tablePort, int blobPort) =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};BlobEndpoint=http://127.0.0.1:{blobPort}/{Account};TableEndpoint=http://127.0.0.1:{tablePort}/{Account};";

    public Task WhenReadyAsync() => _started.Value;

    private async Task StartAsync()
    {
        var (blob, queue, table) = (FreePorts.One(), FreePorts.One(), FreePorts.One());
        var start = new ProcessStartInfo("node") { UseShellExecute = false, WorkingDirectory = _folder, RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments =
        [
            Script(), "--silent", "--skipApiVersionCheck", "--disableTelemetry", "--inMemoryPersistence",
            "--blobPort", $"{blob}", "--queuePort", $"{queue}", "--tablePort", $"{table}",
        ];
        Array.ForEach(arguments, start.ArgumentList.Add);
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        var errors = _process.StandardError.ReadToEndAsync();
        (TablePort, BlobPort) = (table, blob);
        _connection = ConnectionThrough(table, blob);
        await WaitUntilItAnswersAsync([blob, table], errors);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            _ = Kill(_process.Id, 15);
            await _process.WaitForExitAsync();
        }
        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task WaitUntilItAnswersAsync(int[] ports, Task<string> errors)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        foreach (var port in ports)
        {
            while (true)
            {
                using var probe = new TcpClient();
                try
                {
                    await probe.ConnectAsync(IPAddress.Loopback, port, patience.Token);
                    break;
                }
                catch (SocketException) when (!_process!.HasExited)
                {
                    await Task.Delay(20, patience.Token);
                }
                catch (SocketException refused)
                {
                    throw new InvalidOperationException($"Azurite ended with {_process!.ExitCode}: {await errors}", refused);
                }
            }
        }
    }

    private static string Script()
    {
        var modules = NodeModules.Folder();
        var script = Path.Combine(modules, "azurite", "dist", "src", "azurite.js");
        return File.Exists(script)
            ? script
            : throw new InvalidOperationException($"Azurite is not at '{script}'. Install the npm package 'azurite' and set DWEB_NPM to its node_modules folder.");
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
