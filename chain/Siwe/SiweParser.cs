using System.Buffers;
using System.Globalization;
using Dweb.Core.Protocol;

namespace Dweb.Chain.Siwe;

/// <summary>Line by line over the grammar of EIP-4361, in its order, without tolerance: what is read is what was signed.</summary>
internal sealed class SiweParser(string text)
{
    private const int MaxLength = 16 * 1024;
    private const string Unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    private const string SubDelimiters = "!$&'()*+,;=";

    private static readonly SearchValues<char> StatementCharacters = SearchValues.Create(Unreserved + SubDelimiters + ":/?#[]@ ");
    private static readonly SearchValues<char> UriCharacters = SearchValues.Create(Unreserved + SubDelimiters + ":/?#[]@%");
    private static readonly SearchValues<char> AuthorityCharacters = SearchValues.Create(Unreserved + SubDelimiters + ":[]@%");
    private static readonly SearchValues<char> SegmentCharacters = SearchValues.Create(Unreserved + SubDelimiters + ":@%");

    private readonly string[] lines = text.Length <= MaxLength ? text.Split('\n') : throw new SiweException($"it has more than {MaxLength} characters");
    private int next;

    public SiweMessage Parse()
    {
        var (scheme, domain) = ReadGreeting();
        var address = ReadAddress();
        Expect("", "an empty line after the address");
        string? statement = ReadStatement();
        var message = new SiweMessage
        {
            Scheme = scheme,
            Domain = domain,
            Address = address,
            Statement = statement,
            Uri = ReadUri(Required("URI: ")),
            ChainId = ReadVersionAndChain(),
            Nonce = ReadNonce(),
            IssuedAt = ReadTime(Required("Issued At: ")),
            ExpirationTime = Optional("Expiration Time: ") is { } expiration ? ReadTime(expiration) : null,
            NotBefore = Optional("Not Before: ") is { } notBefore ? ReadTime(notBefore) : null,
            RequestId = Optional("Request ID: ") is { } id ? Check(id, SegmentCharacters) : null,
            Resources = ReadResources(),
        };
        return next == lines.Length ? message : throw Malformed("nothing more");
    }

    private (string? Scheme, string Domain) ReadGreeting()
    {
        string line = Current("the domain");
        if (!line.EndsWith(SiweMessage.Greeting, StringComparison.Ordinal))
        {
            throw Malformed($"'{SiweMessage.Greeting.Trim()}'");
        }

        string site = line[..^SiweMessage.Greeting.Length];
        int separator = site.IndexOf("://", StringComparison.Ordinal);
        string? scheme = separator < 0 ? null : site[..separator];
        string domain = separator < 0 ? site : site[(separator + 3)..];
        if (scheme is not null && !Uri.CheckSchemeName(scheme))
        {
            throw Malformed("a scheme before '://'");
        }

        if (domain.Length == 0)
        {
            throw Malformed("a domain");
        }

        Check(domain, AuthorityCharacters);
        next++;
        return (scheme, domain);
    }

    private EvmAddress ReadAddress()
    {
        string line = Current("the address");
        if (!EvmAddress.TryParse(line, out var address) || address.ToString() != line)
        {
            throw Malformed("an address with its checksum");
        }

        next++;
        return address;
    }

    private string? ReadStatement()
    {
        string line = Current("a statement or an empty line");
        if (line.Length == 0)
        {
            next++;
            return null;
        }

        Check(line, StatementCharacters);
        next++;
        Expect("", "an empty line after the statement");
        return line;
    }

    private ulong ReadVersionAndChain()
    {
        Expect("Version: 1", "'Version: 1'");
        string digits = Required("Chain ID: ");
        return ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out ulong id) && id.ToString(CultureInfo.InvariantCulture) == digits
            ? id
            : throw MalformedBefore("a decimal chain id");
    }

    private string ReadNonce()
    {
        string nonce = Required("Nonce: ");
        return nonce.Length >= 8 && nonce.All(char.IsAsciiLetterOrDigit) ? nonce : throw MalformedBefore("a nonce of at least 8 letters or digits");
    }

    private SiweTime ReadTime(string value) => SiweTime.TryParse(value, out var time) ? time : throw MalformedBefore("a date and time of RFC 3339");

    private string ReadUri(string value)
    {
        bool isUri = value.AsSpan().IndexOfAnyExcept(UriCharacters) < 0 && Uri.TryCreate(value, UriKind.Absolute, out _);
        return isUri ? value : throw MalformedBefore("an absolute URI");
    }

    private List<string>? ReadResources()
    {
        if (next == lines.Length || lines[next] != "Resources:")
        {
            return null;
        }

        next++;
        var resources = new List<string>();
        while (Optional("- ") is { } resource)
        {
            resources.Add(ReadUri(resource));
        }

        return resources;
    }

    private string Required(string label) => Optional(label) ?? throw Malformed($"'{label.TrimEnd()}'");

    private string? Optional(string label) =>
        next < lines.Length && lines[next].StartsWith(label, StringComparison.Ordinal) ? lines[next++][label.Length..] : null;

    private void Expect(string line, string expected)
    {
        if (Current(expected) != line)
        {
            throw Malformed(expected);
        }

        next++;
    }

    private string Current(string expected) => next < lines.Length ? lines[next] : throw Malformed(expected);

    private string Check(string value, SearchValues<char> allowed) =>
        value.AsSpan().IndexOfAnyExcept(allowed) < 0 ? value : throw Malformed("only the characters that the standard allows");

    private SiweException Malformed(string expected) => new($"line {next + 1} should be {expected}");

    private SiweException MalformedBefore(string expected) => new($"line {next} should be {expected}");
}
