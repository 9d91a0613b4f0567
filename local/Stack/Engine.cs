using System.Net.Sockets;
using System.Text;

namespace Dweb.Local.Stack;

/// <summary>A container engine's API, by its socket.</summary>
internal sealed record Engine(string Socket)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly byte[] Ping = "GET /_ping HTTP/1.0\r\nHost: engine\r\n\r\n"u8.ToArray();

    /// <summary>The value for <c>DOCKER_HOST</c>.</summary>
    public string Host => "unix://" + Socket;

    /// <summary>The engine that this machine's Docker client would use.</summary>
    public static Engine Default()
    {
        var named = Environment.GetEnvironmentVariable("DOCKER_HOST");
        return new Engine(named is not null && named.StartsWith("unix://", StringComparison.Ordinal) ? named["unix://".Length..] : "/var/run/docker.sock");
    }

    public async Task<bool> Answers(CancellationToken stop)
    {
        if (!File.Exists(Socket))
        {
            return false;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Patience);
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(Socket), patience.Token);
            await socket.SendAsync(Ping, patience.Token);
            var answer = new byte[64];
            var read = await socket.ReceiveAsync(answer, patience.Token);
            return Encoding.ASCII.GetString(answer, 0, read).Contains(" 200 ", StringComparison.Ordinal);
        }
        catch (SocketException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return false;
        }
    }
}
