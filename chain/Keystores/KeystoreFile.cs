using System.Text.Json.Serialization;

namespace Dweb.Chain.Keystores;

/// <summary>The JSON of version 3; numbers that a derivation function does not use stay out.</summary>
internal sealed record KeystoreFile
{
    public int Version { get; init; }

    public string? Id { get; init; }

    public string? Address { get; init; }

    public KeystoreCrypto? Crypto { get; init; }
}

internal sealed record KeystoreCrypto
{
    public string? Cipher { get; init; }

    [JsonPropertyName("ciphertext")]
    public string? CipherText { get; init; }

    [JsonPropertyName("cipherparams")]
    public KeystoreCipherParameters? CipherParams { get; init; }

    public string? Kdf { get; init; }

    [JsonPropertyName("kdfparams")]
    public KeystoreKdfParameters? KdfParams { get; init; }

    public string? Mac { get; init; }
}

internal sealed record KeystoreCipherParameters
{
    public string? Iv { get; init; }
}

internal sealed record KeystoreKdfParameters
{
    [JsonPropertyName("dklen")]
    public int DkLen { get; init; }

    public int? N { get; init; }

    public int? R { get; init; }

    public int? P { get; init; }

    public int? C { get; init; }

    public string? Prf { get; init; }

    public string? Salt { get; init; }
}

// Files of other wallets differ in the case of "crypto" and of names.
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    PropertyNameCaseInsensitive = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
[JsonSerializable(typeof(KeystoreFile))]
internal sealed partial class KeystoreJson : JsonSerializerContext;
