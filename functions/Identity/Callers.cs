using System.Text;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Functions.Identity;

/// <summary>Who asks, by the login token of a request.</summary>
internal sealed class Callers(LoginTokens tokens)
{
    /// <exception cref="DwebException">No login, or none that holds.</exception>
    public EvmAddress Require(HttpRequest request) =>
        Find(request) ?? throw new DwebException(Catalogue.Unauthorised, "This needs a login: POST /api/login/challenge, sign, POST /api/login.");

    /// <returns>Null without credentials.</returns>
    /// <exception cref="DwebException">Credentials that do not hold.</exception>
    public EvmAddress? Find(HttpRequest request)
    {
        string header = request.Headers.Authorization.ToString();
        if (header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return tokens.Read(header[7..].Trim());
        }

        return header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase) ? ReadBasic(header[6..].Trim()) : null;
    }

    /// <summary>Registry clients know only user and password: the wallet's address and the login token.</summary>
    private EvmAddress ReadBasic(string credentials)
    {
        Span<byte> bytes = new byte[credentials.Length];
        if (Convert.TryFromBase64String(credentials, bytes, out int length))
        {
            string[] parts = Encoding.UTF8.GetString(bytes[..length]).Split(':', 2);
            if (parts.Length == 2 && EvmAddress.TryParse(parts[0], out var user) && tokens.Read(parts[1]) == user)
            {
                return user;
            }
        }

        throw new DwebException(Catalogue.Unauthorised, "User and password must be a wallet's address and its login token.");
    }
}
