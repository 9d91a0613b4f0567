using System.Text.Json.Serialization;
using Dweb.Core.Protocol;

namespace Dweb.Core.Manifest.Secrets;

/// <summary>
/// The secrets of a service as its spec names them: which files there are, and who can open them. The contents are in a sealed bundle beside the spec, which
/// is known by its hash. Nothing here is secret.
/// </summary>
/// <param name="Files">Names below <see cref="Folder"/>, in ordinal order, each once.</param>
/// <param name="Bundle">keccak256 of the sealed bundle.</param>
/// <param name="Keys">The bundle's key, sealed for each COE that may run the service; in ascending order of the COEs, each once.</param>
public sealed record SecretsSpec(IReadOnlyList<string> Files, Hash32 Bundle, IReadOnlyList<SecretKey> Keys)
{
    /// <summary>Where a container finds them.</summary>
    public const string Folder = "/run/secrets";

    /// <summary>Files of one service.</summary>
    public const int MostFiles = 64;

    /// <summary>Bytes of the contents of all secrets of an order together.</summary>
    public const int MostBytes = 500_000;

    /// <summary>COEs that can open them.</summary>
    [JsonIgnore]
    public IEnumerable<Hash32> Coes => Keys.Select(static key => key.Coe);
}

/// <param name="Sealed">The bundle's key under <see cref="Protocol.Sealing.Hpke"/>, 80 bytes.</param>
public sealed record SecretKey(Hash32 Coe, byte[] Sealed);
