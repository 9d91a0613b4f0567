using System.Net;
using System.Net.Sockets;

namespace Dweb.Local.Stack;

/// <summary>Ports for programs that are about to start, which the kernel gives to nobody else meanwhile.</summary>
/// <remarks>
/// A port that was only closed again is free for everyone: another program, or an outgoing connection, may get it before the one it was meant for.
/// So one connection is made over each and ended by the listening side. It stays in TIME_WAIT for a minute, in which the kernel hands the port out to nobody,
/// while a server that names it may listen (servers set SO_REUSEADDR).
/// </remarks>
internal static class FreePorts
{
    /// <summary>A port of the loopback address.</summary>
    public static int One() => Find(1)[0];

    /// <summary>That many different ports of the loopback address.</summary>
    public static int[] Find(int count)
    {
        // All are held until the last is found, or the kernel could give the same one twice.
        List<TcpListener> held = [];
        try
        {
            for (var i = 0; i < count; i++)
            {
                var listener = new TcpListener(IPAddress.Loopback, 0);
                listener.Start();
                held.Add(listener);
            }

            return [.. held.Select(Reserve)];
        }
        finally
        {
            held.ForEach(l => l.Dispose());
        }
    }

    private static int Reserve(TcpListener listener)
    {
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        using var client = new TcpClient();
        client.Connect(IPAddress.Loopback, port);
        listener.AcceptTcpClient().Dispose();
        // The end of the stream is seen, so the listening side has closed first: it is the one that keeps the port.
        _ = client.GetStream().ReadByte();
        return port;
    }
}
