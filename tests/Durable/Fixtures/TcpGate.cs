using System.Net;
using System.Net.Sockets;

namespace Dweb.Durable.Tests.Fixtures;

/// <summary>A way to a port of this machine that can be cut: what is under way breaks off, and what is new is refused.</summary>
internal sealed class TcpGate : IAsyncDisposable
{
    private readonly int _target;
    private readonly Lock _gate = new();
    private readonly HashSet<TcpClient> _open = [];
    private TcpListener? _listener;
    private Task _accepting = Task.CompletedTask;

    public TcpGate(int target)
    {
        (_target, Port) = (target, FreePorts.One());
        Open();
    }

    public int Port { get; }

    public void Open()
    {
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Start();
        _accepting = AcceptAsync(_listener);
    }

    public async Task CutAsync()
    {
        _listener!.Dispose();
        await _accepting;
        lock (_gate)
        {
            foreach (var client in _open)
            {
                client.Client.Close(0);
            }
            _open.Clear();
        }
    }

    public async ValueTask DisposeAsync() => await CutAsync();

    private async Task AcceptAsync(TcpListener listener)
    {
        while (true)
        {
            try
            {
                _ = CarryAsync(await listener.AcceptTcpClientAsync());
            }
            catch (Exception cut) when (cut is ObjectDisposedException or SocketException)
            {
                return;
            }
        }
    }

    private async Task CarryAsync(TcpClient near)
    {
        using var far = new TcpClient();
        try
        {
            lock (_gate)
            {
                _open.UnionWith([near, far]);
            }
            await far.ConnectAsync(IPAddress.Loopback, _target);
            await Task.WhenAny(near.GetStream().CopyToAsync(far.GetStream()), far.GetStream().CopyToAsync(near.GetStream()));
        }
        catch (Exception cut) when (cut is ObjectDisposedException or SocketException or IOException or InvalidOperationException)
        {
            // Both ends see it.
        }
        finally
        {
            near.Dispose();
            lock (_gate)
            {
                _open.ExceptWith([near, far]);
            }
        }
    }
}
