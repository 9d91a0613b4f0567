using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CsCheck;
using Dweb.Core.Manifest;
using Dweb.Core.Manifest.Secrets;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Sealing;

namespace Dweb.Core.Tests.Manifest;

public sealed class SealedSecretsTests
{
    private static readonly Gen<Dictionary<string, byte[]>> Contents =
        Gen.Dictionary(Gen.String[Gen.Char.AlphaNumeric, 1, 12], Gen.Byte.Array[0, 100])[1, 6].Select(static all => new Dictionary<string, byte[]>(all, StringComparer.Ordinal));

    private static readonly SealingKeyPair North = new(Keccak256.Hash("north's key").ToArray());
    private static readonly SealingKeyPair South = new(Keccak256.Hash("south's key").ToArray());
    private static readonly Hash32 NorthCoe = Keccak256.Hash("north");
    private static readonly Hash32 SouthCoe = Keccak256.Hash("south");
    private static readonly SecretHost[] Hosts = [new(NorthCoe, North.PublicKey), new(SouthCoe, South.PublicKey)];

    [Fact]
    public void Each_coe_that_they_are_sealed_for_opens_all_files() => Contents.Sample(contents =>
    {
        var made = SealedSecrets.Seal(contents, Hosts, RandomNumberGenerator.GetBytes);
        foreach (var (coe, key) in new[] { (NorthCoe, North), (SouthCoe, South) })
        {
            using var opened = SealedSecrets.Open(made.Spec, made.Bundle, coe, key);
            Assert.Equal(contents.Keys.Order(StringComparer.Ordinal), opened.Files.Select(static file => file.File));
            Assert.All(opened.Files, file => Assert.Equal(contents[file.File], file.Content.ToArray()));
        }
    }, iter: 100);

    [Fact]
    public void Nothing_of_the_contents_is_in_what_is_sent() => Gen.Byte.Array[16, 64].Sample(content =>
    {
        var made = SealedSecrets.Seal(new Dictionary<string, byte[]> { ["a"] = content }, Hosts, RandomNumberGenerator.GetBytes);
        byte[] spec = SpecOf(made.Spec).ToCanonicalJson();
        Assert.Equal(-1, made.Bundle.AsSpan().IndexOf(content));
        Assert.Equal(-1, spec.AsSpan().IndexOf(content));
        Assert.DoesNotContain(Convert.ToBase64String(content)[..16], Encoding.UTF8.GetString(spec), StringComparison.Ordinal);
    }, iter: 100);

    [Fact]
    public void What_was_opened_is_cleared_with_it()
    {
        var made = Make();
        var opened = SealedSecrets.Open(made.Spec, made.Bundle, NorthCoe, North);
        var content = opened.Files[0].Content;
        Assert.Equal("first"u8.ToArray(), content.ToArray());
        opened.Dispose();
        Assert.Equal(new byte[5], content.ToArray());
    }

    [Fact]
    public void A_coe_that_they_are_not_sealed_for_opens_nothing()
    {
        var made = Make();
        using var stranger = new SealingKeyPair(Keccak256.Hash("east's key").ToArray());
        AssertRefused("secrets.keys", made.Spec, made.Bundle, Keccak256.Hash("east"), stranger);
        AssertRefused("secrets.keys[0].sealed", made.Spec, made.Bundle, First(made).Coe, stranger);
        AssertRefused("secrets.keys[0].sealed", made.Spec, made.Bundle, First(made).Coe, First(made).Coe == NorthCoe ? South : North);
    }

    [Fact]
    public void Whatever_was_changed_is_named()
    {
        var made = Make();
        var other = Make();
        var (coe, sealedKey) = First(made);
        var own = coe == NorthCoe ? North : South;
        byte[] bundle = [.. made.Bundle];
        bundle[^1] ^= 1;
        AssertRefused("secrets.bundle", made.Spec, bundle, coe, own);
        AssertRefused("secrets.bundle", made.Spec, other.Bundle, coe, own);
        AssertRefused("secrets.bundle", made.Spec with { Bundle = other.Spec.Bundle }, made.Bundle, coe, own);

        // A key that is right for another bundle, or was another COE's.
        AssertRefused("secrets.keys[0].sealed", made.Spec with { Bundle = other.Spec.Bundle }, other.Bundle, coe, own);
        AssertRefused("secrets.keys[0].sealed", made.Spec with { Keys = [made.Spec.Keys[0] with { Sealed = made.Spec.Keys[1].Sealed }, made.Spec.Keys[1]] }, made.Bundle, coe, own);
        byte[] changed = [.. sealedKey];
        changed[40] ^= 1;
        AssertRefused("secrets.keys[0].sealed", made.Spec with { Keys = [made.Spec.Keys[0] with { Sealed = changed }] }, made.Bundle, coe, own);

        AssertRefused("secrets.files", made.Spec with { Files = ["a", "c"] }, made.Bundle, coe, own);
        AssertRefused("secrets.files", made.Spec with { Files = ["a"] }, made.Bundle, coe, own);
    }

    [Fact]
    public void The_spec_is_the_same_for_the_same_random_bytes_and_another_for_others()
    {
        var contents = new Dictionary<string, byte[]> { ["a"] = [1] };
        Func<int, byte[]> Counting()
        {
            byte next = 0;
            return length => [.. Enumerable.Range(0, length).Select(_ => next++)];
        }

        var once = SealedSecrets.Seal(contents, Hosts, Counting());
        var again = SealedSecrets.Seal(contents, [.. Hosts.Reverse()], Counting());
        Assert.Equal(SpecOf(once.Spec).Hash(), SpecOf(again.Spec).Hash());
        Assert.NotEqual(SpecOf(once.Spec).Hash(), SpecOf(SealedSecrets.Seal(contents, Hosts, RandomNumberGenerator.GetBytes).Spec).Hash());
    }

    [Fact]
    public void A_spec_with_secrets_survives_its_canonical_form() => Contents.Sample(contents =>
    {
        var spec = SpecOf(SealedSecrets.Seal(contents, Hosts, RandomNumberGenerator.GetBytes).Spec);
        var read = ContainerSpec.FromCanonicalJson(spec.ToCanonicalJson());
        Assert.Equal(spec.Hash(), read.Hash());
        Assert.Equal(spec.Secrets!.Files, read.Secrets!.Files);
        Assert.Equal(spec.Secrets.Keys.Select(static key => key.Sealed), read.Secrets.Keys.Select(static key => key.Sealed));
    }, iter: 50);

    [Fact]
    public void A_spec_whose_secrets_no_agent_would_take_is_refused()
    {
        var secrets = Make().Spec;
        AssertMalformed("0 secrets", secrets with { Files = [] });
        AssertMalformed("65 secrets", secrets with { Files = [.. Enumerable.Range(100, 65).Select(static i => $"s{i}")] });
        AssertMalformed("'../a' is no name", secrets with { Files = ["../a"] });
        AssertMalformed("'..' is no name", secrets with { Files = [".."] });
        AssertMalformed("not in order", secrets with { Files = ["b", "a"] });
        AssertMalformed("not in order", secrets with { Files = ["a", "a"] });
        AssertMalformed("0 COEs", secrets with { Keys = [] });
        AssertMalformed("not in ascending order", secrets with { Keys = [.. secrets.Keys.Reverse()] });
        AssertMalformed("not in ascending order", secrets with { Keys = [secrets.Keys[0], secrets.Keys[0]] });
        AssertMalformed("has 79 bytes", secrets with { Keys = [secrets.Keys[0] with { Sealed = new byte[79] }] });
        AssertMalformed("'/run/secrets/a' is where its secrets are", SpecOf(secrets) with { Volumes = [new VolumeSpec("/run/secrets/a")] });
        AssertMalformed("'/run/secrets' is where its secrets are", SpecOf(secrets) with { Tmpfs = ["/run/secrets"] });
        Assert.NotNull(ContainerSpec.FromCanonicalJson((SpecOf(secrets) with { Tmpfs = ["/run"] }).ToCanonicalJson()));
    }

    [Fact]
    public void A_bundle_larger_than_any_order_holds_is_not_opened()
    {
        byte[] bundle = new byte[SealedSecrets.MostBundleBytes + 1];
        AssertRefused("secrets.bundle", Make().Spec with { Bundle = Keccak256.Hash(bundle) }, bundle, NorthCoe, North);
    }

    [Fact]
    public void More_than_an_order_holds_is_not_sealed() =>
        Assert.Throws<ArgumentException>(() => SealedSecrets.Seal(new Dictionary<string, byte[]> { ["a"] = new byte[SecretsSpec.MostBytes], ["b"] = [1] }, Hosts, RandomNumberGenerator.GetBytes));

    private static SealedSecrets Make() => SealedSecrets.Seal(new Dictionary<string, byte[]> { ["a"] = "first"u8.ToArray(), ["b"] = [] }, Hosts, RandomNumberGenerator.GetBytes);

    private static (Hash32 Coe, byte[] Sealed) First(SealedSecrets made) => (made.Spec.Keys[0].Coe, made.Spec.Keys[0].Sealed);

    private static ContainerSpec SpecOf(SecretsSpec secrets) => new(
        "web", "team/web", Keccak256.Hash("image"), null, null, new SortedDictionary<string, string>(StringComparer.Ordinal), [], null, RestartPolicy.No, 10) { Secrets = secrets };

    private static void AssertMalformed(string words, SecretsSpec secrets) => AssertMalformed(words, SpecOf(secrets));

    private static void AssertMalformed(string words, ContainerSpec spec) =>
        Assert.Contains(words, Assert.Throws<JsonException>(() => ContainerSpec.FromCanonicalJson(spec.ToCanonicalJson())).Message, StringComparison.Ordinal);

    private static void AssertRefused(string field, SecretsSpec spec, byte[] bundle, Hash32 coe, SealingKeyPair own) =>
        Assert.Equal(field, Assert.Throws<SecretException>(() => SealedSecrets.Open(spec, bundle, coe, own).Dispose()).Field);
}
