using System.Text;
using System.Text.Json;
using CsCheck;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Core.Tests.Protocol;

public sealed class CodecProperties
{
    private const ulong Max48 = (1UL << 48) - 1;

    private static readonly Gen<UsageEntry> Entries =
        from high in Gen.ULong
        from low in Gen.ULong
        from seconds in Gen.UInt
        from cpu in Gen.ULong[0, Max48]
        from memory in Gen.ULong[0, Max48]
        from storage in Gen.ULong[0, Max48]
        from received in Gen.UInt
        from sent in Gen.UInt
        select new UsageEntry(new LeaseHandle(new UInt128(high, low)), seconds, cpu, memory, storage, received, sent);

    [Fact]
    public void Usage_entries_survive_packing() => Entries.List[0, 20].Sample(entries =>
    {
        byte[] packed = new UsageBatch(Hash32.Zero, 0, entries).PackEntries();
        Assert.Equal(entries.Count * UsageEntry.Size, packed.Length);
        Assert.Equal(entries, UsageBatch.UnpackEntries(packed));
    });

    [Fact]
    public void A_packed_entry_begins_with_the_first_sixteen_bytes_of_its_leases_id() => Gen.Byte.Array[32].Sample(bytes =>
    {
        var lease = new Hash32(bytes);
        byte[] packed = new UsageBatch(Hash32.Zero, 0, [new(LeaseHandle.Of(lease), 1, 2, 3, 4, 5, 6)]).PackEntries();
        Assert.Equal(bytes[..16], packed[..16]);
        Assert.StartsWith(LeaseHandle.Of(lease).ToString(), lease.ToString(), StringComparison.Ordinal);
    });

    [Fact]
    public void A_counter_beyond_its_width_stays_at_the_largest()
    {
        byte[] packed = new UsageBatch(Hash32.Zero, 0, [new(new(1), 1, ulong.MaxValue, Max48 + 1, Max48, 1, 1)]).PackEntries();
        var entry = Assert.Single(UsageBatch.UnpackEntries(packed));
        Assert.Equal((Max48, Max48, Max48), (entry.Cpu, entry.Memory, entry.Storage));
    }

    [Fact]
    public void A_torn_entry_is_refused() => Gen.Int[1, 500].Where(static n => n % UsageEntry.Size != 0).Sample(
        static length => { Assert.Throws<ArgumentException>(() => UsageBatch.UnpackEntries(new byte[length])); });

    [Fact]
    public void Hashes_and_addresses_survive_their_text() => Gen.Byte.Array[32].Sample(bytes =>
    {
        Assert.Equal(bytes, Hash32.Parse(new Hash32(bytes).ToString()).ToArray());
        var address = new EvmAddress(bytes.AsSpan(12));
        Assert.Equal(address, EvmAddress.Parse(address.ToString()));
        Assert.Equal(bytes[12..], address.ToArray());
    });

    [Fact]
    public void Hashes_sort_as_their_text() => Gen.Select(Gen.Byte.Array[32], Gen.Byte.Array[32]).Sample((a, b) =>
        Assert.Equal(Math.Sign(string.CompareOrdinal(new Hash32(a).ToString(), new Hash32(b).ToString())), Math.Sign(new Hash32(a).CompareTo(new Hash32(b)))));

    [Fact]
    public void An_address_with_one_letter_in_the_wrong_case_is_refused() =>
        Gen.Select(Gen.Byte.Array[20], Gen.Int[0, 39]).Sample((bytes, at) =>
        {
            char[] text = new EvmAddress(bytes).ToString().ToCharArray();
            char flipped = char.IsUpper(text[at + 2]) ? char.ToLowerInvariant(text[at + 2]) : char.ToUpperInvariant(text[at + 2]);
            bool mixedStays = text.Where((c, i) => i > 1 && i != at + 2 && char.IsLetter(c)).Append(flipped).Where(char.IsLetter)
                .GroupBy(char.IsUpper).Count() == 2;
            bool changed = flipped != text[at + 2];
            text[at + 2] = flipped;
            Assert.Equal(!(changed && mixedStays), EvmAddress.TryParse(new string(text), out _));
        });

    [Theory]
    [InlineData("")]
    [InlineData("0x")]
    [InlineData("0x00")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("0x000000000000000000000000000000000000000000000000000000000000000g")]
    [InlineData("0x00000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData(" 0x000000000000000000000000000000000000000000000000000000000000000")]
    public void What_is_no_hash_is_refused(string text) => Assert.False(Hash32.TryParse(text, out _));

    [Fact]
    public void Amounts_travel_as_decimal_strings() => Gen.ULong.Array[1, 4].Sample(words =>
    {
        var wei = words.Aggregate(System.Numerics.BigInteger.Zero, static (sum, word) => (sum << 64) + word);
        var view = new SettlementView("1", Hash32.Zero, 1, 1, wei, -wei, 0);
        string json = JsonSerializer.Serialize(new List<SettlementView> { view }, DwebJson.Default.IReadOnlyListSettlementView);
        Assert.Contains($"\"host\":\"{wei}\"", json, StringComparison.Ordinal);
        Assert.Equal(view, JsonSerializer.Deserialize(json, DwebJson.Default.IReadOnlyListSettlementView)![0]);
    });

    [Fact]
    public void Every_byte_of_a_request_is_under_its_signature()
    {
        byte[] body = Encoding.UTF8.GetBytes("{}");
        string[] messages =
        [
            RequestSigning.Message("POST", "/api/x?a=1", 5, body), RequestSigning.Message("PUT", "/api/x?a=1", 5, body),
            RequestSigning.Message("POST", "/api/x?a=2", 5, body), RequestSigning.Message("POST", "/api/x?a=1", 6, body),
            RequestSigning.Message("POST", "/api/x?a=1", 5, []),
        ];
        Assert.Equal(messages.Length, messages.Distinct().Count());
    }
}
