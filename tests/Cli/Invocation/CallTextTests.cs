using Dweb.Chain.Abi;
using Dweb.Cli.Invocation;
using Dweb.Core.Protocol;

namespace Dweb.Cli.Tests.Invocation;

public sealed class CallTextTests
{
    private const string Address = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

    [Fact]
    public void Signatures_say_where_one_call_ends_and_the_next_begins()
    {
        Assert.True(CallText.TryParse(["ProtocolSettings", "setFee(uint16)", "120", Address, "sync()", "shares", "move(address,address,uint256)", Address, Address, "5"], out var calls, out _));

        Assert.Equal(["ProtocolSettings", Address, "shares"], calls.Select(static call => call.Target));
        Assert.Equal(Selector.Of("setFee(uint16)").Call(AbiType.ParseTuple("(uint16)"), 120), calls[0].Data);
        Assert.Equal([4, 100], calls.Skip(1).Select(static call => call.Data.Length));
    }

    [Fact]
    public void Lists_texts_and_hashes_are_read_by_their_types()
    {
        string hash = Keccak256.Hash("x").ToString();

        Assert.True(CallText.TryParse(
            ["t", "f(address[],uint128[2],(bool,string)[],bytes32,bytes)", $"[{Address}, {Address}]", "[1,2]", "[(true,a),(false,b)]", hash, "0x0102"], out var calls, out _));

        var types = AbiType.ParseTuple("(address[],uint128[2],(bool,string)[],bytes32,bytes)");
        var account = EvmAddress.Parse(Address);
        Assert.Equal(
            Selector.Of("f(address[],uint128[2],(bool,string)[],bytes32,bytes)").Call(
                types, AbiValue.List(account, account), AbiValue.List(1, 2), AbiValue.List(AbiValue.List(true, "a"), AbiValue.List(false, "b")), Hash32.Parse(hash), new byte[] { 1, 2 }),
            calls[0].Data);
    }

    [Theory]
    [InlineData("is missing", "t")]
    [InlineData("no signature", "t", "setFee")]
    [InlineData("no signature", "t", "setFee(fee)", "1")]
    [InlineData("takes 1 arguments; 0", "t", "setFee(uint16)")]
    [InlineData("'many' is no uint16", "t", "setFee(uint16)", "many")]
    [InlineData("setFee(uint16) cannot be called so", "t", "setFee(uint16)", "65536")]
    [InlineData("is no uint8[2]", "t", "f(uint8[2])", "[1,2,3]")]
    [InlineData("is no bytes32", "t", "f(bytes32)", "0x01")]
    [InlineData("is no address", "t", "f(address)", "alice")]
    public void What_cannot_be_read_is_named(string problem, params string[] words)
    {
        Assert.False(CallText.TryParse(words, out _, out string? said));

        Assert.Contains(problem, said, StringComparison.Ordinal);
    }
}
