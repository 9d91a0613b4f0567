using System.Numerics;
using CsCheck;
using Dweb.Chain.Signing;
using Dweb.Core.Protocol;

namespace Dweb.Chain.Tests.Signing;

public sealed class SignatureTests
{
    private static readonly BigInteger Order =
        BigInteger.Parse("0fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", System.Globalization.NumberStyles.HexNumber, null);

    private static readonly Hash32 Digest = Keccak256.Hash("a message");

    [Fact]
    public void Any_key_recovers_from_what_it_signed_and_from_nothing_else() =>
        Gen.Select(Gen.Byte.Array[32], Gen.Byte.Array[32]).Where((k, _) => Secp256k1.IsScalar(k)).Sample(
            (k, d) =>
            {
                var key = new PrivateKey(k);
                var signature = key.SignDigest(new Hash32(d));
                Assert.Equal(key.Address, Secp256k1.Recover(new Hash32(d), signature));
                Assert.NotEqual(key.Address, Secp256k1.Recover(Keccak256.Hash(d), signature));
            },
            iter: 50);

    [Fact]
    public void The_second_form_of_a_signature_is_refused()
    {
        var key = PrivateKey.Create();
        var signature = key.SignDigest(Digest);
        var highS = ToHash(Order - ToNumber(signature.S));
        Assert.Null(Secp256k1.Recover(Digest, new EvmSignature(signature.R, highS, (byte)(55 - signature.V))));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(26)]
    [InlineData(29)]
    public void A_recovery_value_other_than_27_and_28_is_refused(byte v)
    {
        var signature = PrivateKey.Create().SignDigest(Digest);
        Assert.Null(Secp256k1.Recover(Digest, signature with { V = v }));
    }

    [Fact]
    public void Zero_and_out_of_range_scalars_are_refused()
    {
        var signature = PrivateKey.Create().SignDigest(Digest);
        Assert.Null(Secp256k1.Recover(Digest, signature with { R = Hash32.Zero }));
        Assert.Null(Secp256k1.Recover(Digest, signature with { S = Hash32.Zero }));
        Assert.Null(Secp256k1.Recover(Digest, signature with { R = ToHash(Order) }));
    }

    [Fact]
    public void An_r_that_is_no_abscissa_of_the_curve_is_refused()
    {
        // 5 is the smallest x for which x^3 + 7 has no square root.
        var signature = PrivateKey.Create().SignDigest(Digest);
        Assert.Null(Secp256k1.Recover(Digest, signature with { R = ToHash(5) }));
    }

    [Fact]
    public void A_key_outside_the_curve_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new PrivateKey(new byte[32]));
        Assert.Throws<ArgumentException>(() => new PrivateKey(ToHash(Order).ToArray()));
        Assert.Throws<ArgumentException>(() => new PrivateKey(new byte[31]));
    }

    [Fact]
    public void A_key_shows_its_address_and_never_its_bytes()
    {
        var key = PrivateKey.Create();
        string secret = Convert.ToHexStringLower(key.ExportBytes());
        Assert.Equal(key.Address.ToString(), key.ToString());
        Assert.DoesNotContain(secret, $"{key}", StringComparison.OrdinalIgnoreCase);
        Assert.Equal(key.Address, PrivateKey.Parse(secret).Address);
    }

    [Fact]
    public void A_malformed_key_is_refused_without_being_repeated()
    {
        var refused = Assert.Throws<FormatException>(() => PrivateKey.Parse("0xsecret"));
        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
    }

    private static BigInteger ToNumber(Hash32 value) => new(value.ToArray(), isUnsigned: true, isBigEndian: true);

    private static Hash32 ToHash(BigInteger value)
    {
        byte[] bytes = value.ToByteArray(isUnsigned: true, isBigEndian: true);
        return new Hash32([.. new byte[32 - bytes.Length], .. bytes]);
    }
}
