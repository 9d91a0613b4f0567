using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Dweb.Agent.Tests.Support;
using Dweb.Agent.Trust;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Agent.Tests.Trust;

public sealed class ManifestCheckTests
{
    [Fact]
    public void A_manifest_that_names_its_nft_is_accepted()
    {
        Assert.Null(Read(Manifest(Given.Publisher.ToString(), Given.Components.ToString()), out var annotations));
        Assert.Null(ManifestCheck.Compare(annotations!, Given.Ticket()));
    }

    [Fact]
    public void Bytes_of_another_digest_are_refused()
    {
        byte[] manifest = Manifest(Given.Publisher.ToString(), Given.Components.ToString());
        Assert.Equal(Catalogue.DigestMismatch, ManifestCheck.Read(manifest, Keccak256.Hash("another"), out var annotations)?.Error);
        Assert.Null(annotations);
    }

    [Theory]
    [InlineData("0x0000000000000000000000000000000000000001", null)]
    [InlineData(null, "0x0000000000000000000000000000000000000000000000000000000000000001")]
    [InlineData("", null)]
    [InlineData(null, "")]
    public void Annotations_that_disagree_with_the_nft_or_are_missing_are_refused(string? publisher, string? components)
    {
        byte[] manifest = Manifest(publisher ?? Given.Publisher.ToString(), components ?? Given.Components.ToString());
        Assert.Null(Read(manifest, out var annotations));
        Assert.Equal(Catalogue.AnnotationMismatch, ManifestCheck.Compare(annotations!, Given.Ticket())?.Error);
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"annotations\":7}")]
    [InlineData("{\"annotations\":{\"io.dweb.publisher\":7}}")]
    public void A_manifest_without_annotations_commits_to_nobody(string text)
    {
        Assert.Null(Read(Encoding.UTF8.GetBytes(text), out var annotations));
        Assert.Equal(Catalogue.AnnotationMismatch, ManifestCheck.Compare(annotations!, Given.Ticket())?.Error);
    }

    [Theory]
    [InlineData("realm=\"http://r/token\",service=\"s v\",scope=\"repository:a/b:pull\"", "http://r/token?service=s%20v&scope=repository%3Aa%2Fb%3Apull")]
    [InlineData("realm=\"http://r/token?x=1\",service=\"s\"", "http://r/token?x=1&service=s")]
    [InlineData("realm=\"http://r/token\"", "http://r/token")]
    public void A_registrys_challenge_says_where_the_token_is(string parameter, string expected)
    {
        Assert.True(BearerChallenge.TryParse(new AuthenticationHeaderValue("Bearer", parameter), out var challenge));
        Assert.Equal(expected, challenge.TokenUri().AbsoluteUri);
    }

    [Theory]
    [InlineData("Basic", "realm=\"http://r\"")]
    [InlineData("Bearer", "service=\"s\"")]
    [InlineData("Bearer", "realm=\"file:///etc/passwd\"")]
    public void Another_challenge_is_not_followed(string scheme, string parameter) =>
        Assert.False(BearerChallenge.TryParse(new AuthenticationHeaderValue(scheme, parameter), out _));

    private static Refusal? Read(byte[] manifest, out ManifestAnnotations? annotations) =>
        ManifestCheck.Read(manifest, new Hash32(SHA256.HashData(manifest)), out annotations);

    private static byte[] Manifest(string publisher, string components) => Encoding.UTF8.GetBytes(
        $$$"""{"schemaVersion":2,"annotations":{"io.dweb.publisher":"{{{publisher}}}","io.dweb.components":"{{{components}}}"}}""");
}
