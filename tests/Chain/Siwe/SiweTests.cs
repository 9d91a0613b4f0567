using Dweb.Chain.Signing;
using Dweb.Chain.Siwe;
using Dweb.Core.Protocol;

namespace Dweb.Chain.Tests.Siwe;

public sealed class SiweTests
{
    private const string Published =
        "example.com wants you to sign in with your Ethereum account:\n" +
        "0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2\n" +
        "\n" +
        "I accept the ExampleOrg Terms of Service: https://example.com/tos\n" +
        "\n" +
        "URI: https://example.com/login\n" +
        "Version: 1\n" +
        "Chain ID: 1\n" +
        "Nonce: 32891756\n" +
        "Issued At: 2021-09-30T16:25:24Z\n" +
        "Resources:\n" +
        "- ipfs://bafybeiemxf5abjwjbikoz4mc3a3dla6ual3jsgpdr4cjr3oz3evfyavhwq/\n" +
        "- https://example.com/my-web2-claim.json";

    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly PrivateKey key = PrivateKey.Create();

    [Fact]
    public void The_published_example_is_read_and_written_to_the_letter()
    {
        var message = SiweMessage.Parse(Published);
        Assert.Equal("example.com", message.Domain);
        Assert.Null(message.Scheme);
        Assert.Equal("I accept the ExampleOrg Terms of Service: https://example.com/tos", message.Statement);
        Assert.Equal(1UL, message.ChainId);
        Assert.Equal(new DateTimeOffset(2021, 9, 30, 16, 25, 24, TimeSpan.Zero), message.IssuedAt.Value);
        Assert.Equal(2, message.Resources!.Count);
        Assert.Equal(Published, message.Format());
    }

    [Fact]
    public void Every_optional_field_survives_the_round_trip()
    {
        var message = Message() with
        {
            Scheme = "https",
            Statement = "Sign in to Dweb.",
            ExpirationTime = SiweTime.From(Now.AddMinutes(5)),
            NotBefore = SiweTime.From(Now),
            RequestId = "request-1",
            Resources = [],
        };
        var read = SiweMessage.Parse(message.Format());
        Assert.Equal(message.Format(), read.Format());
        Assert.Equal((message.Scheme, message.RequestId, message.ExpirationTime), (read.Scheme, read.RequestId, read.ExpirationTime));
        Assert.Empty(read.Resources!);
    }

    [Fact]
    public void A_message_without_a_statement_has_two_empty_lines()
    {
        Assert.Contains($"{key.Address}\n\n\nURI: ", Message().Format(), StringComparison.Ordinal);
        Assert.Null(SiweMessage.Parse(Message().Format()).Statement);
    }

    [Fact]
    public void A_signed_message_is_valid_for_its_site_nonce_and_time_only()
    {
        var message = Message() with { NotBefore = SiweTime.From(Now), ExpirationTime = SiweTime.From(Now.AddMinutes(1)) };
        var signature = Sign(message);
        Assert.Equal(SiweVerdict.Valid, message.Verify(signature, "dweb.example:8443", "abcdefgh12", Now));
        Assert.Equal(SiweVerdict.WrongDomain, message.Verify(signature, "evil.example", "abcdefgh12", Now));
        Assert.Equal(SiweVerdict.WrongNonce, message.Verify(signature, "dweb.example:8443", "abcdefgh13", Now));
        Assert.Equal(SiweVerdict.NotYetValid, message.Verify(signature, "dweb.example:8443", "abcdefgh12", Now.AddSeconds(-1)));
        Assert.Equal(SiweVerdict.Expired, message.Verify(signature, "dweb.example:8443", "abcdefgh12", Now.AddMinutes(1)));
    }

    [Fact]
    public void A_message_signed_by_another_wallet_or_changed_after_signing_is_refused()
    {
        var message = Message();
        var other = PrivateKey.Create().SignDigest(Eip191.HashMessage(message.Format()));
        Assert.Equal(SiweVerdict.WrongSignature, message.Verify(other, message.Domain, message.Nonce, Now));
        var changed = message with { ChainId = 2 };
        Assert.Equal(SiweVerdict.WrongSignature, changed.Verify(Sign(message), message.Domain, message.Nonce, Now));
    }

    [Theory]
    [InlineData("Version: 1", "Version: 2")]
    [InlineData("Chain ID: 1", "Chain ID: 01")]
    [InlineData("Chain ID: 1", "Chain ID: x")]
    [InlineData("Nonce: 32891756", "Nonce: 3289175")]
    [InlineData("Nonce: 32891756", "Nonce: 3289 1756")]
    [InlineData("2021-09-30T16:25:24Z", "2021-09-30 16:25:24Z")]
    [InlineData("2021-09-30T16:25:24Z", "2021-09-30T16:25:24")]
    [InlineData("2021-09-30T16:25:24Z", "2021-13-30T16:25:24Z")]
    [InlineData("0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2", "0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2")]
    [InlineData("example.com wants", " wants")]
    [InlineData("example.com wants", "example.com/a wants")]
    [InlineData("Ethereum account:", "Ethereum account")]
    [InlineData("URI: https://example.com/login", "URI: login")]
    [InlineData("URI: https://example.com/login\nVersion: 1", "Version: 1\nURI: https://example.com/login")]
    [InlineData("Resources:\n", "Resources:\nnot a list\n")]
    [InlineData("I accept", "I\naccept")]
    [InlineData("\n", "\r\n")]
    public void Anything_but_the_exact_form_is_refused(string original, string changed)
    {
        string text = Published.Replace(original, changed, StringComparison.Ordinal);
        Assert.NotEqual(Published, text);
        Assert.Throws<SiweException>(() => SiweMessage.Parse(text));
    }

    [Fact]
    public void A_field_cannot_smuggle_in_another_line()
    {
        Assert.Throws<SiweException>(() => (Message() with { Statement = "hello\n\nURI: https://evil.example" }).Format());
        Assert.Throws<SiweException>(() => (Message() with { RequestId = "a\nResources:" }).Format());
    }

    [Theory]
    [InlineData("2026-01-02T03:04:05.123456Z")]
    [InlineData("2026-01-02T04:04:05+01:00")]
    public void Every_spelling_of_a_moment_is_kept(string text)
    {
        Assert.True(SiweTime.TryParse(text, out var time));
        Assert.Equal(text, time.Text);
        Assert.Equal(Now.ToUnixTimeSeconds(), time.Value.ToUnixTimeSeconds());
    }

    private SiweMessage Message() => new()
    {
        Domain = "dweb.example:8443",
        Address = key.Address,
        Uri = "https://dweb.example:8443/console",
        ChainId = 31337,
        Nonce = "abcdefgh12",
        IssuedAt = SiweTime.From(Now),
    };

    private EvmSignature Sign(SiweMessage message) => key.SignDigest(Eip191.HashMessage(message.Format()));
}
