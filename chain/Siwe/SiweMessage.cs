using System.Globalization;
using System.Text;
using Dweb.Chain.Signing;
using Dweb.Core.Protocol;

namespace Dweb.Chain.Siwe;

/// <summary>Why a login was refused, or that it was not.</summary>
public enum SiweVerdict
{
    Valid,
    WrongDomain,
    WrongNonce,
    NotYetValid,
    Expired,
    WrongSignature,
}

/// <summary>A login by wallet (EIP-4361): a text that a person can read, bound to one site, one chain and one nonce.</summary>
public sealed record SiweMessage
{
    internal const string Greeting = " wants you to sign in with your Ethereum account:";

    /// <summary>Host and port of the site that asks, without scheme.</summary>
    public required string Domain { get; init; }

    public required EvmAddress Address { get; init; }

    public required string Uri { get; init; }

    public required ulong ChainId { get; init; }

    /// <summary>At least eight letters or digits, given out by the site, good for one login.</summary>
    public required string Nonce { get; init; }

    public required SiweTime IssuedAt { get; init; }

    /// <summary>The scheme before the domain, where the site names one.</summary>
    public string? Scheme { get; init; }

    /// <summary>One line of ASCII that the person agrees to.</summary>
    public string? Statement { get; init; }

    public SiweTime? ExpirationTime { get; init; }

    public SiweTime? NotBefore { get; init; }

    public string? RequestId { get; init; }

    /// <summary>Null is no list; an empty list is written as a heading without lines.</summary>
    public IReadOnlyList<string>? Resources { get; init; }

    /// <summary>Reads a message to the letter; <see cref="Format"/> gives the same text again.</summary>
    /// <exception cref="SiweException">The text is not exactly of the form of EIP-4361.</exception>
    public static SiweMessage Parse(string text) => new SiweParser(text).Parse();

    /// <summary>The text to sign.</summary>
    /// <exception cref="SiweException">A field holds what its line cannot, a line break for one.</exception>
    public string Format()
    {
        string text = Write();
        var read = Parse(text);
        bool same = read with { Resources = null } == this with { Resources = null }
            && (read.Resources is null) == (Resources is null)
            && (read.Resources ?? []).SequenceEqual(Resources ?? []);
        return same ? text : throw new SiweException("a field holds text that reads as another field");
    }

    /// <param name="domain">The site's own domain, as it knows itself.</param>
    /// <param name="nonce">The nonce it gave out; that it is used once is the caller's to see to, and so is the chain id.</param>
    public SiweVerdict Verify(EvmSignature signature, string domain, string nonce, DateTimeOffset now)
    {
        if (!string.Equals(Domain, domain, StringComparison.Ordinal))
        {
            return SiweVerdict.WrongDomain;
        }

        if (!string.Equals(Nonce, nonce, StringComparison.Ordinal))
        {
            return SiweVerdict.WrongNonce;
        }

        if (now < NotBefore?.Value)
        {
            return SiweVerdict.NotYetValid;
        }

        if (now >= ExpirationTime?.Value)
        {
            return SiweVerdict.Expired;
        }

        return Secp256k1.Recover(Eip191.HashMessage(Format()), signature) == Address ? SiweVerdict.Valid : SiweVerdict.WrongSignature;
    }

    private string Write()
    {
        var text = new StringBuilder();
        text.Append(Scheme is null ? "" : Scheme + "://").Append(Domain).Append(Greeting).Append('\n');
        text.Append(Address).Append("\n\n");
        text.Append(Statement is null ? "" : Statement + "\n").Append('\n');
        text.Append("URI: ").Append(Uri).Append("\nVersion: 1\nChain ID: ").Append(ChainId.ToString(CultureInfo.InvariantCulture));
        text.Append("\nNonce: ").Append(Nonce).Append("\nIssued At: ").Append(IssuedAt.Text);
        text.Append(ExpirationTime is { } expiration ? "\nExpiration Time: " + expiration.Text : "");
        text.Append(NotBefore is { } notBefore ? "\nNot Before: " + notBefore.Text : "");
        text.Append(RequestId is null ? "" : "\nRequest ID: " + RequestId);
        text.Append(Resources is null ? "" : "\nResources:");
        text.AppendJoin("", (Resources ?? []).Select(r => "\n- " + r));
        return text.ToString();
    }
}

/// <summary>A text that is no message of EIP-4361; the reason names the line.</summary>
public sealed class SiweException(string reason) : Exception($"The sign-in message is malformed: {reason}.");
