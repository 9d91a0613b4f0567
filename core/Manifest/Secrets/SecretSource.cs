namespace Dweb.Core.Manifest.Secrets;

/// <summary>Where the content of a secret comes from on the machine of whoever deploys; both are null where the command line says it.</summary>
/// <param name="File">Relative to the Compose file.</param>
/// <param name="Variable">Name of a variable of the environment.</param>
public sealed record SecretSource(string? File, string? Variable);

/// <summary>A secret in one service.</summary>
/// <param name="Source">Name under which it is declared.</param>
/// <param name="File">Name of the file in which the container finds it.</param>
public sealed record SecretUse(string Source, string File);
