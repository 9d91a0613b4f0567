using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace Dweb.Agent.Trust;

/// <summary>Where a registry sends its readers for a token: <c>WWW-Authenticate: Bearer realm="…",service="…",scope="…"</c>.</summary>
internal sealed partial record BearerChallenge(Uri Realm, string? Service, string? Scope)
{
    public static bool TryParse(AuthenticationHeaderValue header, [NotNullWhen(true)] out BearerChallenge? challenge)
    {
        challenge = null;
        if (!string.Equals(header.Scheme, "Bearer", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (Match match in Pair().Matches(header.Parameter ?? ""))
        {
            values[match.Groups["name"].Value] = match.Groups["value"].Value;
        }

        if (!values.TryGetValue("realm", out string? text) || !Uri.TryCreate(text, UriKind.Absolute, out var realm) || realm.Scheme is not ("http" or "https"))
        {
            return false;
        }

        challenge = new BearerChallenge(realm, values.GetValueOrDefault("service"), values.GetValueOrDefault("scope"));
        return true;
    }

    public Uri TokenUri()
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

        string separator = Realm.Query.Length > 0 ? "&" : "?";
        return query.Count == 0 ? Realm : new Uri(Realm.AbsoluteUri + separator + string.Join('&', query));
    }

    [GeneratedRegex("(?<name>[A-Za-z]+)=\"(?<value>[^\"]*)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pair();
}
