using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dweb.Core.Protocol;
using Dweb.Functions.Settings;

namespace Dweb.Functions.Registry;

/// <summary>
/// Makes the registry's access tokens: compact JWTs, ES256, with the certificate in <c>x5c</c> that the registry trusts. Anybody may pull;
/// only a wallet that is logged in may push.
/// </summary>
internal sealed class RegistryTokens(ControlPlaneSettings settings, RegistryKey key, TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    // The registry's clock may be behind this one, or be set back; that a token was good before it was made harms nobody.
    private static readonly TimeSpan Before = TimeSpan.FromDays(1);

    /// <summary>A token for this process's own reading.</summary>
    public string CreatePull(string repository) =>
        Create(null, [new RegistryScope(RegistryScope.Repository, repository, [RegistryScope.Pull])]);

    /// <summary>Of what was asked for, what this caller may do.</summary>
    public static IReadOnlyList<RegistryScope> Grant(EvmAddress? wallet, IReadOnlyList<RegistryScope> asked) =>
        [.. asked
            .Where(static scope => scope.Type == RegistryScope.Repository)
            .Select(scope => scope with { Actions = [.. scope.Actions.Where(action => action == RegistryScope.Pull || (action == RegistryScope.Push && wallet is not null))] })
            .Where(static scope => scope.Actions.Count > 0)];

    public string Create(EvmAddress? wallet, IReadOnlyList<RegistryScope> granted)
    {
        var now = time.GetUtcNow();
        var header = new TokenHeader("JWT", "ES256", [Convert.ToBase64String(key.Certificate.RawData)]);
        var claims = new TokenClaims(
            settings.Registry.Issuer, wallet?.ToString() ?? "", settings.Registry.Service, (now + Lifetime).ToUnixTimeSeconds(), (now - Before).ToUnixTimeSeconds(),
            now.ToUnixTimeSeconds(), Guid.NewGuid().ToString("N"), granted);
        string text = Encode(JsonSerializer.SerializeToUtf8Bytes(header, RegistryJson.Default.TokenHeader))
            + "." + Encode(JsonSerializer.SerializeToUtf8Bytes(claims, RegistryJson.Default.TokenClaims));
        byte[] signature = key.Sign(System.Text.Encoding.ASCII.GetBytes(text));
        return text + "." + Encode(signature);
    }

    private static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);
}

internal sealed record TokenHeader(
    [property: JsonPropertyName("typ")] string Type, [property: JsonPropertyName("alg")] string Algorithm, [property: JsonPropertyName("x5c")] IReadOnlyList<string> Certificates);

internal sealed record TokenClaims(
    [property: JsonPropertyName("iss")] string Issuer,
    [property: JsonPropertyName("sub")] string Subject,
    [property: JsonPropertyName("aud")] string Audience,
    [property: JsonPropertyName("exp")] long Expires,
    [property: JsonPropertyName("nbf")] long NotBefore,
    [property: JsonPropertyName("iat")] long IssuedAt,
    [property: JsonPropertyName("jti")] string Id,
    [property: JsonPropertyName("access")] IReadOnlyList<RegistryScope> Access);

/// <summary>Both names of the token are in use among registry clients.</summary>
internal sealed record TokenAnswer(
    [property: JsonPropertyName("token")] string Token,
    [property: JsonPropertyName("access_token")] string AccessToken,
    [property: JsonPropertyName("expires_in")] int ExpiresIn,
    [property: JsonPropertyName("issued_at")] string IssuedAt);

[JsonSerializable(typeof(TokenHeader))]
[JsonSerializable(typeof(TokenClaims))]
[JsonSerializable(typeof(TokenAnswer))]
internal sealed partial class RegistryJson : JsonSerializerContext;
