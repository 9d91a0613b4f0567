using System.Buffers.Text;
using System.Globalization;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Functions.Identity;

/// <summary>Bearer tokens: wallet and expiry under the server's key, so that any process of the control plane can check them.</summary>
internal sealed class LoginTokens(ServerKey key, TimeProvider time)
{
    private const string Purpose = "login-token";
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    public (string Token, long ExpiresAtMs) Create(EvmAddress wallet)
    {
        long expires = (time.GetUtcNow() + Lifetime).ToUnixTimeMilliseconds();
        string claims = string.Create(CultureInfo.InvariantCulture, $"{wallet}.{expires}");
        return ($"{claims}.{Base64Url.EncodeToString(key.Sign(Purpose, claims))}", expires);
    }

    /// <exception cref="DwebException">Not a token of this control plane, or out of date.</exception>
    public EvmAddress Read(string token)
    {
        string[] parts = token.Split('.');
        if (parts.Length == 3
            && EvmAddress.TryParse(parts[0], out var wallet)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out long expires)
            && Base64Url.IsValid(parts[2])
            && key.Verify(Purpose, $"{parts[0]}.{parts[1]}", Base64Url.DecodeFromChars(parts[2])))
        {
            return time.GetUtcNow().ToUnixTimeMilliseconds() < expires ? wallet : throw new DwebException(Catalogue.Unauthorised, "The login is out of date.");
        }

        throw new DwebException(Catalogue.Unauthorised, "The token is not one of this control plane.");
    }
}
