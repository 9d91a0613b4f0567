using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace Dweb.Cli.Images;

/// <summary>What a registry asks for before it serves: <c>WWW-Authenticate: Bearer realm="…",service="…",scope="…"</c>.</summary>
internal sealed partial record BearerChallenge(Uri Realm, string? Service, string? Scope)
{
    /// <returns>Null when the registry asks for nothing that can be given.</returns>
    public static BearerChallenge? Find(HttpHeaderValueCollection<AuthenticationHeaderValue> challenges)
    {
        foreach (var challenge in challenges)
        {
            if (!string.Equals(challenge.Scheme, "Bearer", StringComparison.OrdinalIgnoreCase) || challenge.Parameter is null)
            {
                continue;
            }

            var values = Parameter().Matches(challenge.Parameter)
                .GroupBy(static match => match.Groups["name"].Value, StringComparer.OrdinalIgnoreCase)
                .ToDictionary(static group => group.Key, static group => group.First().Groups["value"].Value, StringComparer.OrdinalIgnoreCase);
            if (values.TryGetValue("realm", out string? realm) && Uri.TryCreate(realm, UriKind.Absolute, out var address))
            {
                return new BearerChallenge(address, values.GetValueOrDefault("service"), values.GetValueOrDefault("scope"));
            }
        }

        return null;
    }

    /// <summary>The address to ask for a token at.</summary>
    public Uri TokenAddress()
    {
        var query = new List<string>();
        if (Service is not null)
        {
            query.Add("service=" + Uri.EscapeDataString(Service));
        }

        if (Scope is not null)
        {
            query.Add("scope=" + Uri.EscapeDataString(Scope));
        }

        return new UriBuilder(Realm) { Query = string.Join('&', query) }.Uri;
    }

    [GeneratedRegex("(?<name>[a-z]+)=\"(?<value>[^\"]*)\"", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Parameter();
}
