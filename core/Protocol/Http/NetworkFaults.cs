using System.Net.Sockets;

namespace Dweb.Core.Protocol.Http;

/// <summary>Which exceptions of an HTTP client say that nobody answers, so that asking again may help.</summary>
public static class NetworkFaults
{
    /// <summary>
    /// An <see cref="HttpRequestException"/>; or the socket's own exception: a peer that closes in the moment in which a connection was made has .NET's client ask
    /// for the address of a socket that has none any more, and it passes on what it was told.
    /// </summary>
    public static bool Is(Exception failure) => failure is HttpRequestException or SocketException;
}
