using System.Diagnostics;

namespace Dweb.Durable.Tests.Fixtures;

/// <summary>A script of the peer's in a Node process that listens on a port of its own and ends with its standard input.</summary>
internal sealed class NodeProgram : IAsyncDisposable
{
    private readonly Process _process;

    public HttpClient Http { get; }

    private NodeProgram(Process process, int port)
    {
        _process = process;
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/"), Timeout = TimeSpan.FromMinutes(5) };
    }

    public static async Task<NodeProgram> StartAsync(string script, params string[] arguments)
    {
        var modules = NodeModules.Folder();
        if (!Directory.Exists(Path.Combine(modules, "@microsoft", "durabletask-js")))
        {
            throw new InvalidOperationException($"The npm package '@microsoft/durabletask-js' is not in '{modules}'. Run './dweb local setup', or set DWEB_NPM.");
        }
        var start = new ProcessStartInfo("node") { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        Array.ForEach([Path.Combine(AppContext.BaseDirectory, "Conformance", "Peer", script), modules, .. arguments], start.ArgumentList.Add);
        var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        if (!int.TryParse(await process.StandardOutput.ReadLineAsync(), System.Globalization.CultureInfo.InvariantCulture, out var port))
        {
            throw new InvalidOperationException($"'{script}' did not start: {await errors}");
        }
        _ = process.StandardOutput.ReadToEndAsync();
        return new NodeProgram(process, port);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
