using System.Numerics;
using CsCheck;
using Dweb.Chain.Abi;

namespace Dweb.Chain.Tests.Abi;

public sealed class AbiCodecTests
{
    [Fact]
    public void Any_value_of_any_type_decodes_to_itself() =>
        AbiGen.Case.Sample(c => Assert.Equal(c.Values, AbiDecoder.Decode(c.Types, AbiEncoder.Encode(c.Types, c.Values))), print: c => c.Types.ToString());

    [Fact]
    public void Any_type_is_read_from_its_canonical_text() => AbiGen.Type.Sample(t => Assert.Equal(t, AbiType.Parse(t.ToString())));

    [Fact]
    public void Data_cut_short_anywhere_is_refused() =>
        Gen.Select(AbiGen.Case, Gen.Double[0, 1]).Where((c, _) => AbiEncoder.Encode(c.Types, c.Values).Length > 0).Sample(
            (c, where) =>
            {
                byte[] data = AbiEncoder.Encode(c.Types, c.Values);
                var cut = data.AsMemory(0, (int)(where * (data.Length - 1)));
                Assert.Throws<AbiException>(() => AbiDecoder.Decode(c.Types, cut));
            });

    [Fact]
    public void Changed_data_is_decoded_or_refused_and_nothing_else() =>
        Gen.Select(AbiGen.Case, Gen.Int[0, 10_000], Gen.Byte).Sample((c, at, value) =>
        {
            byte[] data = AbiEncoder.Encode(c.Types, c.Values);
            if (data.Length == 0)
            {
                return;
            }

            data[at % data.Length] = value;
            try
            {
                Assert.Equal(c.Values.Length, AbiDecoder.Decode(c.Types, data).Count);
            }
            catch (AbiException refused)
            {
                Assert.NotEmpty(refused.Message);
            }
        });

    [Theory]
    [InlineData("(uint8)", "100")]
    [InlineData("(int8)", "80")]
    [InlineData("(bool)", "2")]
    [InlineData("(address)", "10000000000000000000000000000000000000000")]
    [InlineData("(bytes4)", "1")]
    [InlineData("(uint256[])", "20")]
    [InlineData("(bytes)", "7fffffff")]
    [InlineData("(bytes)", "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")]
    [InlineData("(string)", "0")]
    public void A_word_outside_its_type_is_refused(string types, string word) =>
        Assert.Throws<AbiException>(() => AbiDecoder.Decode(AbiType.ParseTuple(types), Convert.FromHexString(word.PadLeft(64, '0'))));

    [Fact]
    public void A_length_beyond_the_data_is_refused_before_memory_is_taken() =>
        Assert.Throws<AbiException>(() => AbiDecoder.Decode(AbiType.ParseTuple("(uint256[])"), Words(0x20, 0x7fffffff)));

    [Fact]
    public void Lists_that_share_their_data_are_refused()
    {
        // Four offsets that all lead back to the same list: each level would multiply what is read.
        var types = AbiType.ParseTuple("(uint256[][][][])");
        Assert.Throws<AbiException>(() => AbiDecoder.Decode(types, Words(0x20, 2, 0x40, 0x40, 2, 0x40, 0x40, 2, 0x40, 0x40, 1, 7)));
    }

    [Fact]
    public void A_string_that_is_not_UTF8_and_bytes_with_dirty_padding_are_refused()
    {
        byte[] notUtf8 = [.. Words(0x20, 1), 0xff, .. new byte[31]];
        Assert.Throws<AbiException>(() => AbiDecoder.Decode(AbiType.ParseTuple("(string)"), notUtf8));
        byte[] dirty = [.. Words(0x20, 1), 0x41, 0x42, .. new byte[30]];
        Assert.Throws<AbiException>(() => AbiDecoder.Decode(AbiType.ParseTuple("(bytes)"), dirty));
    }

    [Fact]
    public void A_value_of_another_type_or_range_is_not_encoded()
    {
        Assert.Throws<AbiException>(() => AbiEncoder.Encode(AbiType.ParseTuple("(uint8)"), 256));
        Assert.Throws<AbiException>(() => AbiEncoder.Encode(AbiType.ParseTuple("(uint8)"), -1));
        Assert.Throws<AbiException>(() => AbiEncoder.Encode(AbiType.ParseTuple("(int8)"), 128));
        Assert.Throws<AbiException>(() => AbiEncoder.Encode(AbiType.ParseTuple("(uint8)"), "1"));
        Assert.Throws<AbiException>(() => AbiEncoder.Encode(AbiType.ParseTuple("(bytes4)"), new byte[5]));
        Assert.Throws<AbiException>(() => AbiEncoder.Encode(AbiType.ParseTuple("(uint8[2])"), AbiValue.List(1)));
        Assert.Throws<AbiException>(() => AbiEncoder.Encode(AbiType.ParseTuple("(uint8,uint8)"), 1));
        Assert.Throws<AbiException>(() => AbiEncoder.Encode(AbiType.ParseTuple("(string)"), "\ud800"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("uint")]
    [InlineData("uint7")]
    [InlineData("uint264")]
    [InlineData("uint08")]
    [InlineData("bytes0")]
    [InlineData("bytes33")]
    [InlineData("address ")]
    [InlineData("(uint8")]
    [InlineData("(uint8,)")]
    [InlineData("uint8[")]
    [InlineData("uint8[0]")]
    [InlineData("uint8[-1]")]
    [InlineData("tuple")]
    public void A_text_that_names_no_type_is_refused(string text) => Assert.Throws<AbiException>(() => AbiType.Parse(text));

    [Fact]
    public void A_type_nested_without_end_is_refused_before_the_stack_is() =>
        Assert.Throws<AbiException>(() => AbiType.Parse(new string('(', 100_000)));

    [Theory]
    [InlineData("transfer(address,uint256)", "0xa9059cbb")]
    [InlineData("balanceOf(address)", "0x70a08231")]
    [InlineData("Error(string)", "0x08c379a0")]
    [InlineData("Panic(uint256)", "0x4e487b71")]
    public void Selectors_are_the_well_known_ones(string signature, string selector) => Assert.Equal(selector, Selector.Of(signature).ToString());

    [Fact]
    public void Standard_reverts_are_read_and_others_shown_raw()
    {
        var message = Selector.Of("Error(string)").Call(AbiType.ParseTuple("(string)"), "no");
        Assert.Equal(new RevertMessage("no"), ContractError.DecodeStandard(message));
        var panic = Selector.Of("Panic(uint256)").Call(AbiType.ParseTuple("(uint256)"), 0x11);
        Assert.Equal(new RevertPanic(0x11), ContractError.DecodeStandard(panic));
        Assert.Equal([1, 2, 3, 4, 5], Assert.IsType<UnknownRevert>(ContractError.DecodeStandard(new byte[] { 1, 2, 3, 4, 5 })).RevertData);
        Assert.IsType<UnknownRevert>(ContractError.DecodeStandard(message.AsMemory(0, 20)));
        Assert.IsType<UnknownRevert>(ContractError.DecodeStandard(default));
    }

    private static byte[] Words(params long[] values) => AbiEncoder.Encode(
        new TupleType([.. values.Select(_ => new IntegerType(256, Signed: false))]), [.. values.Select(v => (AbiValue)new BigInteger(v))]);
}
