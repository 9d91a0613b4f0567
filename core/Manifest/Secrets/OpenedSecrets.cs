using System.Diagnostics;
using System.Security.Cryptography;

namespace Dweb.Core.Manifest.Secrets;

/// <param name="Content">Cleared with the secrets that it is of.</param>
[DebuggerDisplay("{File}")]
public readonly record struct OpenedSecret(string File, [property: DebuggerBrowsable(DebuggerBrowsableState.Never)] ReadOnlyMemory<byte> Content)
{
    public override string ToString() => File;
}

/// <summary>Secrets in the clear, until they are disposed of.</summary>
public sealed class OpenedSecrets(IReadOnlyList<OpenedSecret> files, byte[] plaintext) : IDisposable
{
    public IReadOnlyList<OpenedSecret> Files => files;

    public void Dispose() => CryptographicOperations.ZeroMemory(plaintext);
}

/// <summary>Secrets that cannot be opened.</summary>
/// <param name="field">Path of what does not fit, in the spec.</param>
public sealed class SecretException(string field, string message) : Exception($"{field}: {message}.")
{
    public string Field { get; } = field;
}
