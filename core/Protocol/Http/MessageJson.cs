using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Dweb.Core.Protocol.Http;

/// <summary>Reads messages that anybody may have sent.</summary>
public static class MessageJson
{
    /// <exception cref="JsonException">No document of this message. That goes for a null among the elements of a list too, which the serializer lets pass.</exception>
    public static T Read<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type)
    {
        var message = JsonSerializer.Deserialize(json, type) ?? throw new JsonException("The document is null.");
        var reader = new Utf8JsonReader(json);
        bool isNamed = false;
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.Null && !isNamed)
            {
                throw new JsonException($"An element of a list is null, at byte {reader.TokenStartIndex}.");
            }

            isNamed = reader.TokenType == JsonTokenType.PropertyName;
        }

        return message;
    }
}
