using System.Text.Json.Serialization;

namespace Dweb.Cli.Images;

/// <summary>Answer of a registry's token service; older ones fill <paramref name="Token"/>, newer ones the other or both.</summary>
internal sealed record RegistryToken(string? Token, [property: JsonPropertyName("access_token")] string? AccessToken);
