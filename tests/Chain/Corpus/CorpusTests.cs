using System.Text.Json;
using Dweb.Chain.Abi;
using Dweb.Chain.Rlp;
using Dweb.Chain.Signing;
using Dweb.Chain.Transactions;
using Dweb.Core.Protocol;

namespace Dweb.Chain.Tests.Corpus;

/// <summary>Every primitive against at least a thousand values from an implementation that shares no code with ours.</summary>
public sealed class CorpusTests
{
    [Fact]
    public void Addresses_carry_the_checksum_that_cast_writes()
    {
        foreach (var row in CorpusFile.Read("address"))
        {
            Assert.Equal(row.Text("checksum"), EvmAddress.Parse(row.Text("address")).ToString());
            Assert.True(EvmAddress.TryParse(row.Text("checksum"), out _));
        }
    }

    [Fact]
    public void Keccak_agrees_with_cast()
    {
        foreach (var row in CorpusFile.Read("keccak"))
        {
            Assert.Equal(row.Text("hash"), Keccak256.Hash(row.Bytes("data")).ToString());
        }
    }

    [Fact]
    public void Abi_encoding_agrees_with_cast_and_decodes_to_what_was_encoded()
    {
        foreach (var row in CorpusFile.Read("abi"))
        {
            var types = AbiType.ParseTuple(row.Text("types"));
            AbiValue[] values = [.. row["values"].EnumerateArray().Select((v, i) => AbiLiteral.Read(types.Components[i], CorpusRow.Expand(v.GetString()!)))];
            Assert.Equal(row.Text("encoded"), "0x" + Convert.ToHexStringLower(AbiEncoder.Encode(types, values)));
            Assert.Equal(values, AbiDecoder.Decode(types, row.Bytes("encoded")));
        }
    }

    [Fact]
    public void Rlp_agrees_with_cast_in_both_directions()
    {
        foreach (var row in CorpusFile.Read("rlp"))
        {
            var item = ToItem(row["item"]);
            Assert.Equal(row.Text("encoded"), "0x" + Convert.ToHexStringLower(RlpCodec.Encode(item)));
            Assert.Equal(item, RlpCodec.Decode(row.Bytes("encoded")));
        }
    }

    [Fact]
    public void Signed_transactions_are_the_bytes_that_cast_signs()
    {
        foreach (var row in CorpusFile.Read("transaction"))
        {
            var signed = new Transaction1559
            {
                ChainId = (ulong)row.Number("chainId"),
                Nonce = (ulong)row.Number("nonce"),
                GasLimit = (ulong)row.Number("gasLimit"),
                MaxPriorityFeePerGas = row.Number("priorityFee"),
                MaxFeePerGas = row.Number("maxFee"),
                To = row.Optional("to") is { } to ? EvmAddress.Parse(to) : null,
                Value = row.Number("value"),
                Data = row.Bytes("data"),
            }.Sign(row.Key);
            Assert.Equal(row.Text("hash"), signed.Hash.ToString());
            Assert.Equal(row.Text("hash"), Keccak256.Hash(signed.Raw).ToString());
        }
    }

    [Fact]
    public void Personal_messages_are_signed_as_cast_signs_them_and_recover_to_the_signer()
    {
        foreach (var row in CorpusFile.Read("personal"))
        {
            var key = row.Key;
            var digest = Eip191.HashMessage(row.Text("message"));
            var signature = key.SignDigest(digest);
            Assert.Equal(row.Text("address"), key.Address.ToString());
            Assert.Equal(row.Text("signature"), signature.ToString());
            Assert.Equal(key.Address, Secp256k1.Recover(digest, signature));
        }
    }

    [Fact]
    public void Typed_data_in_our_domain_is_signed_as_cast_signs_it()
    {
        var typeHash = Keccak256.Hash("Transfer(address from,uint256 amount,bytes32 reference,bool flag,string note)");
        foreach (var row in CorpusFile.Read("typed-data"))
        {
            var structHash = new StructHasher()
                .Word(typeHash)
                .Word(EvmAddress.Parse(row.Text("from")))
                .Word(row.Number("amount"))
                .Word(Hash32.Parse(row.Text("reference")))
                .Word(row["flag"].GetBoolean() ? 1UL : 0UL)
                .Word(Keccak256.Hash(row.Text("note")))
                .Hash();
            var domain = new TypedDataDomain((ulong)row.Number("chainId"), EvmAddress.Parse(row.Text("contract")));
            Assert.Equal(row.Text("signature"), row.Key.SignDigest(domain.Digest(structHash)).ToString());
        }
    }

    private static RlpItem ToItem(JsonElement json) => json.ValueKind == JsonValueKind.Array
        ? new RlpList([.. json.EnumerateArray().Select(ToItem)])
        : new RlpBytes(Convert.FromHexString(CorpusRow.Expand(json.GetString()!).AsSpan(2)));
}
