using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dweb.Core.Protocol;

/// <summary>Thirty-two bytes: an id, a digest or a hash. Its text form is 0x and 64 lower-case hexadecimal digits.</summary>
[JsonConverter(typeof(Hash32JsonConverter))]
public readonly struct Hash32 : IEquatable<Hash32>, IComparable<Hash32>
{
    private readonly UInt128 high;
    private readonly UInt128 low;

    /// <param name="bytes">Exactly 32 bytes, most significant first.</param>
    /// <exception cref="ArgumentException">Another length.</exception>
    public Hash32(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != 32)
        {
            throw new ArgumentException($"A hash has 32 bytes, not {bytes.Length}.", nameof(bytes));
        }

        high = System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes);
        low = System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes[16..]);
    }

    public static Hash32 Zero => default;

    public bool IsZero => high == 0 && low == 0;

    public static Hash32 Parse(string text) =>
        TryParse(text, out var hash) ? hash : throw new FormatException($"'{text}' is not 0x and 64 hexadecimal digits.");

    public static bool TryParse(string? text, out Hash32 hash)
    {
        bool ok = Hex.TryDecode(text, 32, out byte[] bytes);
        hash = ok ? new Hash32(bytes) : default;
        return ok;
    }

    /// <summary>Writes the 32 bytes, most significant first.</summary>
    public void CopyTo(Span<byte> destination)
    {
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(destination, high);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(destination[16..], low);
    }

    public byte[] ToArray()
    {
        var bytes = new byte[32];
        CopyTo(bytes);
        return bytes;
    }

    public override string ToString() => Hex.Encode(ToArray());

    public bool Equals(Hash32 other) => high == other.high && low == other.low;

    public override bool Equals(object? obj) => obj is Hash32 other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(high, low);

    public int CompareTo(Hash32 other)
    {
        int byHigh = high.CompareTo(other.high);
        return byHigh != 0 ? byHigh : low.CompareTo(other.low);
    }

    public static bool operator ==(Hash32 left, Hash32 right) => left.Equals(right);

    public static bool operator !=(Hash32 left, Hash32 right) => !left.Equals(right);

    public static bool operator <(Hash32 left, Hash32 right) => left.CompareTo(right) < 0;

    public static bool operator >(Hash32 left, Hash32 right) => left.CompareTo(right) > 0;

    public static bool operator <=(Hash32 left, Hash32 right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Hash32 left, Hash32 right) => left.CompareTo(right) >= 0;
}

public sealed class Hash32JsonConverter : JsonConverter<Hash32>
{
    public override Hash32 Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Hash32.TryParse(reader.GetString(), out var hash) ? hash : throw new JsonException("Expected 0x and 64 hexadecimal digits.");

    public override void Write(Utf8JsonWriter writer, Hash32 value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());

    public override Hash32 ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Read(ref reader, typeToConvert, options);

    public override void WriteAsPropertyName(Utf8JsonWriter writer, Hash32 value, JsonSerializerOptions options) =>
        writer.WritePropertyName(value.ToString());
}
