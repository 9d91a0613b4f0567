using System.Net.Sockets;

namespace Dweb.Agent.Tests.Support;

/// <summary>A peer that is gone before .NET's client has asked for its address: what the socket says comes through as it is.</summary>
internal sealed class ClosedAtOnce : HttpMessageHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => throw new SocketException((int)SocketError.NotConnected);
}
