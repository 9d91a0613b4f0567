using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Dweb.Functions.Tests.Stack;

/// <summary>A port of this machine at which something answers, or takes a call and says nothing.</summary>
/// <param name="answer">What it says to each caller before it hangs up; null: nothing, and it holds the line.</param>
public sealed class Answerer(string? answer) : IAsyncDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private int calls;
    private Task serving = Task.CompletedTask;

    /// <summary>How often it was called.</summary>
    public int Calls => Volatile.Read(ref calls);

    public string Url => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");

    public static Answerer Http(string status = "200 OK", string more = "") => Start($"HTTP/1.1 {status}\r\n{more}Content-Length: 0\r\nConnection: close\r\n\r\n");

    public static Answerer Start(string? answer)
    {
        var started = new Answerer(answer);
        started.listener.Start();
        started.serving = started.ServeAsync();
        return started;
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await serving;
        listener.Stop();
        stopping.Dispose();
    }

    private async Task ServeAsync()
    {
        var lines = new List<TcpClient>();
        try
        {
            while (true)
            {
                var caller = await listener.AcceptTcpClientAsync(stopping.Token);
                lines.Add(caller);
                Interlocked.Increment(ref calls);
                if (answer is not null)
                {
                    await SayAsync(caller, answer);
                }
            }
        }
        catch (OperationCanceledException)
        {
            lines.ForEach(static line => line.Dispose());
        }
    }

    private async Task SayAsync(TcpClient caller, string what)
    {
        try
        {
            // A question that is not taken would reset the line, and the answer with it.
            var line = caller.GetStream();
            _ = await line.ReadAsync(new byte[4096], stopping.Token);
            await line.WriteAsync(Encoding.ASCII.GetBytes(what), stopping.Token);
            caller.Close();
        }
        catch (IOException)
        {
            // Who called hung up first.
        }
    }
}
