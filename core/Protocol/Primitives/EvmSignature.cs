using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dweb.Core.Protocol;

/// <summary>A recoverable secp256k1 signature: r (32 bytes), s (32 bytes, lower half of the order), v (27 or 28).</summary>
[JsonConverter(typeof(EvmSignatureJsonConverter))]
public readonly record struct EvmSignature(Hash32 R, Hash32 S, byte V)
{
    /// <exception cref="ArgumentException">Not 65 bytes.</exception>
    public static EvmSignature FromBytes(ReadOnlySpan<byte> bytes) => bytes.Length == 65
        ? new EvmSignature(new Hash32(bytes[..32]), new Hash32(bytes[32..64]), bytes[64])
        : throw new ArgumentException($"A signature has 65 bytes, not {bytes.Length}.", nameof(bytes));

    public static bool TryParse(string? text, out EvmSignature signature)
    {
        bool ok = Hex.TryDecode(text, 65, out byte[] bytes);
        signature = ok ? FromBytes(bytes) : default;
        return ok;
    }

    public byte[] ToArray()
    {
        var bytes = new byte[65];
        R.CopyTo(bytes);
        S.CopyTo(bytes.AsSpan(32));
        bytes[64] = V;
        return bytes;
    }

    public override string ToString() => Hex.Encode(ToArray());
}

public sealed class EvmSignatureJsonConverter : JsonConverter<EvmSignature>
{
    public override EvmSignature Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        EvmSignature.TryParse(reader.GetString(), out var signature) ? signature : throw new JsonException("Expected 0x and 130 hexadecimal digits.");

    public override void Write(Utf8JsonWriter writer, EvmSignature value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
