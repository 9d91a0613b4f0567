using System.Globalization;
using System.Text.Json;

namespace Dweb.Local.Test.Contracts;

/// <summary>Whether every contract under <c>src</c> can be deployed at all.</summary>
internal static class ContractSizes
{
    /// <summary>EIP-170: bytes of code.</summary>
    public const int MostCode = 24_576;

    /// <summary>EIP-3860: bytes of the code that deploys it, constructor arguments not counted.</summary>
    public const int MostInitCode = 49_152;

    /// <summary>The contracts that are too large; empty when all fit.</summary>
    public static IReadOnlyList<string> TooLarge(string contracts) =>
        [.. BuildCache.Artifacts(contracts)
            .Where(source => source.Key.StartsWith("src/", StringComparison.Ordinal))
            .SelectMany(source => source.Value)
            .SelectMany(artifact => Check(Path.GetFileNameWithoutExtension(artifact), File.ReadAllText(artifact)))];

    public static IEnumerable<string> Check(string name, string artifact)
    {
        using var document = JsonDocument.Parse(artifact);
        var code = Bytes(document.RootElement, "deployedBytecode");
        var initCode = Bytes(document.RootElement, "bytecode");
        if (code > MostCode)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{name} has {code} bytes of code; EIP-170 allows {MostCode}");
        }

        if (initCode > MostInitCode)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{name} has {initCode} bytes of creation code; EIP-3860 allows {MostInitCode}");
        }
    }

    /// <summary>A place that a library's address is to fill is as long as an address, so counting characters is right for it too.</summary>
    private static int Bytes(JsonElement artifact, string member) =>
        artifact.TryGetProperty(member, out var code) ? (code.GetProperty("object").GetString()!.Length - "0x".Length) / 2 : 0;
}
