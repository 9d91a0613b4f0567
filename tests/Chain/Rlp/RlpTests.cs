using CsCheck;
using Dweb.Chain.Rlp;

namespace Dweb.Chain.Tests.Rlp;

public sealed class RlpTests
{
    private static readonly Gen<RlpItem> Leaf = Gen.Byte.Array[0, 70].Select(b => (RlpItem)new RlpBytes(b));

    private static readonly Gen<RlpItem> Item = Gen.Recursive<RlpItem>(
        (depth, inner) => depth > 3 ? Leaf : Gen.Frequency((3, Leaf), (1, inner.Array[0, 5].Select(items => (RlpItem)new RlpList(items)))));

    [Fact]
    public void Any_item_decodes_to_itself() => Item.Sample(item => Assert.Equal(item, RlpCodec.Decode(RlpCodec.Encode(item))));

    [Fact]
    public void Bytes_that_decode_are_the_one_encoding_of_their_item() =>
        Gen.Byte.Array[0, 12].Sample(bytes =>
        {
            try
            {
                Assert.Equal(bytes, RlpCodec.Encode(RlpCodec.Decode(bytes)));
            }
            catch (RlpException refused)
            {
                Assert.NotEmpty(refused.Message);
            }
        });

    [Theory]
    [InlineData("")]
    [InlineData("81")]
    [InlineData("8100")]
    [InlineData("817f")]
    [InlineData("b800")]
    [InlineData("b83700")]
    [InlineData("b90001ff")]
    [InlineData("bfffffffffffffffff")]
    [InlineData("c1")]
    [InlineData("c281")]
    [InlineData("f800")]
    [InlineData("ffffffffffffffffff")]
    [InlineData("0102")]
    public void Malformed_bytes_are_refused(string hex) => Assert.Throws<RlpException>(() => RlpCodec.Decode(Convert.FromHexString(hex)));

    [Fact]
    public void Lists_nested_without_end_are_refused_before_the_stack_is()
    {
        byte[] data = [];
        for (int i = 0; i < 2000; i++)
        {
            data = RlpCodec.Encode(new RlpList(new RlpBytes([1]))) is var inner && i == 0 ? inner : Wrap(data);
        }

        Assert.Throws<RlpException>(() => RlpCodec.Decode(data));
    }

    [Fact]
    public void A_negative_number_has_no_encoding() => Assert.Throws<ArgumentOutOfRangeException>(() => RlpCodec.Integer(-1));

    private static byte[] Wrap(byte[] body)
    {
        byte[] length = new System.Numerics.BigInteger(body.Length).ToByteArray(isUnsigned: true, isBigEndian: true);
        return body.Length <= 55 ? [(byte)(0xc0 + body.Length), .. body] : [(byte)(0xf7 + length.Length), .. length, .. body];
    }
}
