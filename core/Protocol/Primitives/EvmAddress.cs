using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dweb.Core.Protocol;

/// <summary>Twenty bytes: a wallet, a key or a contract. Written with the mixed-case checksum of EIP-55.</summary>
[JsonConverter(typeof(EvmAddressJsonConverter))]
public readonly struct EvmAddress : IEquatable<EvmAddress>, IComparable<EvmAddress>
{
    // No UInt128: code that holds such a field cannot be compiled ahead.
    private readonly uint high;
    private readonly ulong middle;
    private readonly ulong low;

    /// <param name="bytes">Exactly 20 bytes, most significant first.</param>
    /// <exception cref="ArgumentException">Another length.</exception>
    public EvmAddress(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != 20)
        {
            throw new ArgumentException($"An address has 20 bytes, not {bytes.Length}.", nameof(bytes));
        }

        high = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        middle = BinaryPrimitives.ReadUInt64BigEndian(bytes[4..]);
        low = BinaryPrimitives.ReadUInt64BigEndian(bytes[12..]);
    }

    public static EvmAddress Zero => default;

    public bool IsZero => (high | middle | low) == 0;

    public static EvmAddress Parse(string text) =>
        TryParse(text, out var address) ? address : throw new FormatException($"'{text}' is not an address, or its checksum is wrong.");

    /// <summary>Accepts one case throughout, or the exact checksum of EIP-55; a mixed case that is not the checksum is refused.</summary>
    public static bool TryParse(string? text, out EvmAddress address)
    {
        address = default;
        if (!Hex.TryDecode(text, 20, out byte[] bytes))
        {
            return false;
        }

        address = new EvmAddress(bytes);
        string digits = text![2..];
        bool oneCase = !digits.Any(char.IsAsciiLetterUpper) || !digits.Any(char.IsAsciiLetterLower);
        return oneCase || string.Equals(address.ToString(), "0x" + digits, StringComparison.Ordinal);
    }

    /// <summary>Writes the 20 bytes, most significant first.</summary>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination, high);
        BinaryPrimitives.WriteUInt64BigEndian(destination[4..], middle);
        BinaryPrimitives.WriteUInt64BigEndian(destination[12..], low);
    }

    public byte[] ToArray()
    {
        var bytes = new byte[20];
        CopyTo(bytes);
        return bytes;
    }

    public override string ToString()
    {
        string digits = Convert.ToHexStringLower(ToArray());
        byte[] hash = Keccak256.Hash(digits).ToArray();
        return string.Create(42, (digits, hash), static (span, state) =>
        {
            "0x".CopyTo(span);
            for (int i = 0; i < 40; i++)
            {
                int nibble = (state.hash[i / 2] >> (i % 2 == 0 ? 4 : 0)) & 15;
                span[i + 2] = nibble >= 8 ? char.ToUpperInvariant(state.digits[i]) : state.digits[i];
            }
        });
    }

    public bool Equals(EvmAddress other) => high == other.high && middle == other.middle && low == other.low;

    public override bool Equals(object? obj) => obj is EvmAddress other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(high, middle, low);

    public int CompareTo(EvmAddress other)
    {
        int order = high.CompareTo(other.high);
        order = order != 0 ? order : middle.CompareTo(other.middle);
        return order != 0 ? order : low.CompareTo(other.low);
    }

    public static bool operator ==(EvmAddress left, EvmAddress right) => left.Equals(right);

    public static bool operator !=(EvmAddress left, EvmAddress right) => !left.Equals(right);

    public static bool operator <(EvmAddress left, EvmAddress right) => left.CompareTo(right) < 0;

    public static bool operator >(EvmAddress left, EvmAddress right) => left.CompareTo(right) > 0;

    public static bool operator <=(EvmAddress left, EvmAddress right) => left.CompareTo(right) <= 0;

    public static bool operator >=(EvmAddress left, EvmAddress right) => left.CompareTo(right) >= 0;
}

public sealed class EvmAddressJsonConverter : JsonConverter<EvmAddress>
{
    public override EvmAddress Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        EvmAddress.TryParse(reader.GetString(), out var address) ? address : throw new JsonException("Expected an address with a valid checksum.");

    public override void Write(Utf8JsonWriter writer, EvmAddress value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
