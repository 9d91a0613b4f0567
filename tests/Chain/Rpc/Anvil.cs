using System.Diagnostics;
using System.Globalization;
using Dweb.Chain.Rpc;
using Dweb.Chain.Signing;
using Dweb.Chain.Tests.Rpc;

[assembly: AssemblyFixture(typeof(Anvil))]

namespace Dweb.Chain.Tests.Rpc;

/// <summary>
/// A real node on a free port for the tests of this assembly; stopped by its id. Found through DWEB_NPM or the repository's
/// own .dweb folder. Each test takes keys of its own, so that tests do not share nonces.
/// </summary>
public sealed class Anvil : IAsyncLifetime
{
    private readonly List<string> output = [];
    private readonly HttpClient http = new();
    private Process? process;

    /// <summary>How blocks are made: at once for a transaction, and each second besides.</summary>
    public IReadOnlyList<string> Mining { get; init; } = ["--mixed-mining", "--block-time", "1"];

    public Uri Endpoint { get; private set; } = null!;

    public HttpClient Http => http;

    public ChainClient Client(Func<ReadOnlyMemory<byte>, Dweb.Chain.Abi.ContractError>? decodeError = null) =>
        new(new JsonRpcClient(http, Endpoint), decodeError ?? Bindings.ContractErrors.Decode);

    /// <summary>A key with coin that no other test has.</summary>
    public async Task<PrivateKey> TakeKeyAsync(CancellationToken cancellationToken)
    {
        var key = PrivateKey.Create();
        await Client().Rpc.SendAsync(new RpcRequest("anvil_setBalance", key.Address.ToString(), "0x56bc75e2d63100000"), cancellationToken);
        return key;
    }

    public async ValueTask InitializeAsync()
    {
        int port = FreePorts.One();
        Endpoint = new Uri($"http://127.0.0.1:{port}");
        string[] arguments =
        [
            "--port", port.ToString(CultureInfo.InvariantCulture), .. Mining, "--slots-in-an-epoch", "1",
        ];
        process = Process.Start(new ProcessStartInfo(Find(), arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await WaitUntilReadyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (process is { HasExited: false })
        {
            using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
            await process.WaitForExitAsync();
        }

        process?.Dispose();
        http.Dispose();
    }

    private async Task WaitUntilReadyAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            try
            {
                await Client().GetHeadAsync(limit.Token);
                return;
            }
            catch (RpcUnavailableException) when (!process!.HasExited)
            {
                await Task.Delay(50, limit.Token);
            }
            catch (RpcUnavailableException unreachable)
            {
                throw new InvalidOperationException("anvil stopped: " + string.Join('\n', output), unreachable);
            }
        }
    }

    private void Keep(string? line)
    {
        lock (output)
        {
            if (line is not null && output.Count < 200)
            {
                output.Add(line);
            }
        }
    }

    private static string Find()
    {
        string? configured = Environment.GetEnvironmentVariable("DWEB_NPM");
        string modules = string.IsNullOrEmpty(configured) ? Path.Combine(RepositoryRoot(), ".dweb", "npm", "node_modules") : configured;
        string path = Path.Combine(modules, ".bin", "anvil");
        return File.Exists(path) ? path : throw new InvalidOperationException(
            $"anvil is not at {path}. Run './dweb test', which installs it, or set DWEB_NPM to a node_modules folder that holds @foundry-rs/anvil.");
    }

    private static string RepositoryRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Dweb.Functions.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
