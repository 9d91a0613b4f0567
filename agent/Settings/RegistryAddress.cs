using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Dweb.Agent.Settings;

/// <summary>An image registry, as Docker names it in image references (<c>host:port</c>) and as its HTTP API is reached.</summary>
/// <param name="Authority">Host and port, without scheme.</param>
/// <param name="BaseUri">Plain HTTP for loopback addresses, HTTPS for every other, which is also Docker's rule.</param>
internal sealed record RegistryAddress(string Authority, Uri BaseUri)
{
    public static bool TryParse(string text, [NotNullWhen(true)] out RegistryAddress? address)
    {
        address = null;
        if (text.Length == 0 || text.Contains('/', StringComparison.Ordinal) || !Uri.TryCreate("https://" + text, UriKind.Absolute, out var uri)
            || uri.UserInfo.Length > 0)
        {
            return false;
        }

        string scheme = IsLoopback(uri) ? "http" : "https";
        address = new RegistryAddress(text, new Uri($"{scheme}://{text}/"));
        return true;
    }

    public override string ToString() => Authority;

    private static bool IsLoopback(Uri uri) =>
        string.Equals(uri.Host, "localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(uri.Host, out var ip) && IPAddress.IsLoopback(ip));
}
