using System.Numerics;
using System.Text;
using Dweb.Chain.Rlp;
using Dweb.Chain.Signing;
using Dweb.Core.Protocol;

namespace Dweb.Chain.Tests.Signing;

/// <summary>The examples that the EIPs and the wallets' documentation publish.</summary>
public sealed class PublishedVectorTests
{
    [Theory]
    [InlineData("0x52908400098527886E0F7030069857D2E4169EE7")]
    [InlineData("0x8617E340B3D01FA5F11F306F4090FD50E238070D")]
    [InlineData("0xde709f2102306220921060314715629080e2fb77")]
    [InlineData("0x27b1fdb04752bbc536007a920d24acb045561c26")]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
    [InlineData("0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359")]
    [InlineData("0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB")]
    [InlineData("0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb")]
    public void Eip55_addresses_keep_their_checksum(string address) => Assert.Equal(address, EvmAddress.Parse(address).ToString());

    [Fact]
    public void Eip55_refuses_a_changed_case() => Assert.False(EvmAddress.TryParse("0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", out _));

    [Fact]
    public void Eip155_example_has_its_bytes_hash_and_signature()
    {
        var key = PrivateKey.Parse(string.Concat(Enumerable.Repeat("46", 32)));
        byte[] to = [.. Enumerable.Repeat((byte)0x35, 20)];
        var fields = new RlpList(
            RlpCodec.Integer(9), RlpCodec.Integer(20_000_000_000), RlpCodec.Integer(21_000), to, RlpCodec.Integer(BigInteger.Pow(10, 18)),
            Array.Empty<byte>(), RlpCodec.Integer(1), RlpCodec.Integer(0), RlpCodec.Integer(0));
        byte[] unsigned = RlpCodec.Encode(fields);
        Assert.Equal("ec098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a764000080018080", Convert.ToHexStringLower(unsigned));

        var digest = Keccak256.Hash(unsigned);
        Assert.Equal("0xdaf5a779ae972f972197303d7b574746c7ef83eadac0f2791ad23db92e4c8e53", digest.ToString());

        var signature = key.SignDigest(digest);
        var signed = new RlpList([.. fields.Items.Take(6), RlpCodec.Integer(signature.V - 27 + 35 + 2), signature.R.ToArray(), signature.S.ToArray()]);
        Assert.Equal(
            "f86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a76400008025" +
            "a028ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276a067cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83",
            Convert.ToHexStringLower(RlpCodec.Encode(signed)));
    }

    [Fact]
    public void Eip191_example_of_web3_has_its_hash_and_signature()
    {
        var key = PrivateKey.Parse("0x4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318");
        var digest = Eip191.HashMessage("Some data");
        Assert.Equal("0x1da44b586eb0729ff70a73c326926f6ed5a25f5b056e7f47fbc6e58d86871655", digest.ToString());
        Assert.Equal(
            "0xb91467e570a6466aa9e9876cbcd013baba02900b8979d43fe208a4a4f339f5fd6007e74cd82e037b800186422fc2da167c747ef045e5d18a5f5d4300f8e1a0291c",
            key.SignDigest(digest).ToString());
        Assert.Equal("0x2c7536E3605D9C16a7a3D7b1898e529396a65c23", key.Address.ToString());
    }

    [Fact]
    public void Eip712_mail_example_has_its_hashes_and_signature()
    {
        var domain = new StructHasher()
            .Word(Keccak256.Hash("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"))
            .Word(Keccak256.Hash("Ether Mail")).Word(Keccak256.Hash("1")).Word(1UL)
            .Word(EvmAddress.Parse("0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC"))
            .Hash();
        Assert.Equal("0xf2cee375fa42b42143804025fc449deafd50cc031ca257e0b194a650a912090f", domain.ToString());

        var mail = new StructHasher()
            .Word(Keccak256.Hash("Mail(Person from,Person to,string contents)Person(string name,address wallet)"))
            .Word(Person("Cow", "0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826"))
            .Word(Person("Bob", "0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB"))
            .Word(Keccak256.Hash("Hello, Bob!"))
            .Hash();
        Assert.Equal("0xc52c0ee5d84264471806290a3f2c4cecfc5490626bf912d01f240d7a274b371e", mail.ToString());

        var digest = Keccak256.Hash([0x19, 0x01, .. domain.ToArray(), .. mail.ToArray()]);
        Assert.Equal("0xbe609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2", digest.ToString());

        var cow = new PrivateKey(Keccak256.Hash(Encoding.UTF8.GetBytes("cow")).ToArray());
        Assert.Equal(
            "0x4355c47d63924e8a72e509b65029052eb6c299d53a04e167c5775fd466751c9d07299936d304c153f6443dfa05f40ff007d72911b6f72307f996231605b915621c",
            cow.SignDigest(digest).ToString());
        Assert.Equal("0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826", cow.Address.ToString());
    }

    private static Hash32 Person(string name, string wallet) => new StructHasher()
        .Word(Keccak256.Hash("Person(string name,address wallet)")).Word(Keccak256.Hash(name)).Word(EvmAddress.Parse(wallet))
        .Hash();
}
