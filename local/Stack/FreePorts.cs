using System.Net;
using System.Net.Sockets;

namespace Dweb.Local.Stack;

/// <summary>Ports that nobody uses now, found by asking the kernel for them.</summary>
internal static class FreePorts
{
    /// <summary>That many different ports of the loopback address.</summary>
    public static IReadOnlyList<int> Find(int count)
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

            return [.. held.Select(l => ((IPEndPoint)l.LocalEndpoint).Port)];
        }
        finally
        {
            held.ForEach(l => l.Dispose());
        }
    }
}
