using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Messages;
using Org.BouncyCastle.Asn1.Sec;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;

namespace Dweb.Core.Tests.Golden;

/// <summary>Against `cast`: its signatures verify over our digests only if every type string, word and hash is the same.</summary>
public sealed class GoldenTests
{
    public static TheoryData<int> Messages => [.. Enumerable.Range(0, Vectors.Root.GetProperty("messages").GetArrayLength())];

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_signature_of_another_implementation_verifies_over_our_digest(int index)
    {
        var vector = Vectors.Root.GetProperty("messages")[index];
        var domain = vector.GetProperty("domain");
        var digest = new TypedDataDomain(MessageReader.Number(domain, "chainId"), MessageReader.Address(domain, "verifyingContract"))
            .Digest(MessageReader.StructHash(vector));
        Assert.True(EvmSignature.TryParse(vector.GetProperty("signature").GetString(), out var signature));
        Assert.True(Verifies(digest, signature));
        Assert.False(Verifies(Keccak256.Hash(digest.ToArray()), signature));
    }

    [Fact]
    public void Usage_entries_pack_as_another_implementation_packs_them()
    {
        foreach (var vector in Vectors.Root.GetProperty("messages").EnumerateArray().Where(static v => v.GetProperty("primaryType").GetString() == "UsageBatch"))
        {
            Assert.Equal(vector.GetProperty("entries").GetString(), "0x" + Convert.ToHexStringLower(MessageReader.BatchOf(vector).PackEntries()));
        }
    }

    [Fact]
    public void A_lease_id_is_the_hash_of_what_it_names()
    {
        foreach (var v in Vectors.Root.GetProperty("leases").EnumerateArray())
        {
            var book = new TypedDataDomain(MessageReader.Number(v, "chainId"), MessageReader.Address(v, "book"));
            var id = Ids.Lease(
                book, MessageReader.Hash(v, "orderHash"), (ushort)MessageReader.Number(v, "service"), (ushort)MessageReader.Number(v, "replica"),
                (ushort)MessageReader.Number(v, "generation"), MessageReader.Hash(v, "coe"));
            Assert.Equal(MessageReader.Hash(v, "id"), id);
            Assert.StartsWith(LeaseHandle.Of(id).ToString(), id.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Keccak_agrees_around_its_block_size()
    {
        foreach (var v in Vectors.Root.GetProperty("keccak").EnumerateArray())
        {
            Assert.Equal(MessageReader.Hash(v, "hash"), Keccak256.Hash(v.GetProperty("text").GetString()!));
        }
    }

    [Fact]
    public void Addresses_are_written_with_the_same_checksum()
    {
        foreach (string text in Vectors.Root.GetProperty("addresses").EnumerateArray().Select(static v => v.GetString()!))
        {
            Assert.Equal(text, EvmAddress.Parse(text.ToLowerInvariant()).ToString());
            Assert.Equal(text, EvmAddress.Parse(text).ToString());
        }
    }

    private static bool Verifies(Hash32 digest, EvmSignature signature)
    {
        var curve = SecNamedCurves.GetByName("secp256k1");
        byte[] point = [4, .. Convert.FromHexString(Vectors.Root.GetProperty("publicKey").GetString()![2..])];
        var verifier = new ECDsaSigner();
        verifier.Init(
            forSigning: false, new ECPublicKeyParameters(curve.Curve.DecodePoint(point), new ECDomainParameters(curve.Curve, curve.G, curve.N, curve.H)));
        return verifier.VerifySignature(digest.ToArray(), new BigInteger(1, signature.R.ToArray()), new BigInteger(1, signature.S.ToArray()));
    }
}
