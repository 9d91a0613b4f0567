using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Core.Manifest.Secrets;

/// <summary>What holds for the secrets of every spec, whoever wrote it.</summary>
internal static class SecretRules
{
    /// <param name="mounted">Paths on which something else is mounted.</param>
    /// <returns>What is wrong, for people; null where nothing is.</returns>
    public static string? FindFault(SecretsSpec secrets, IEnumerable<string> mounted) =>
        FindInFiles(secrets.Files)
        ?? (secrets.Keys.Count is 0 or > PlacementPreferences.Most ? $"its secrets are sealed for {secrets.Keys.Count} COEs; 1 to {PlacementPreferences.Most} are allowed"
            : !IsAscending(secrets.Keys.Select(static key => key.Coe)) ? "the COEs that its secrets are sealed for are not in ascending order, each once"
            : secrets.Keys.FirstOrDefault(static key => key.Sealed.Length != SealedSecrets.SealedKeyBytes) is { } odd
                ? $"the key sealed for COE {odd.Coe} has {odd.Sealed.Length} bytes, not {SealedSecrets.SealedKeyBytes}"
            : FindMount(mounted));

    /// <returns>What is wrong with the names of files; null where nothing is.</returns>
    public static string? FindInFiles(IReadOnlyList<string> files) =>
        files.Count is 0 or > SecretsSpec.MostFiles ? $"there are {files.Count} secrets; 1 to {SecretsSpec.MostFiles} are allowed"
        : files.FirstOrDefault(static name => !SecretName.IsAllowed(name)) is { } wrong
            ? $"'{wrong}' is no name of a secret; write letters, digits, dots, dashes and underscores, at most {SecretName.MostLength}"
        : files.Zip(files.Skip(1)).Any(static pair => string.CompareOrdinal(pair.First, pair.Second) >= 0) ? "the files of its secrets are not in order, each once"
        : null;

    /// <returns>What is wrong where something else is mounted over the secrets or in their folder.</returns>
    public static string? FindMount(IEnumerable<string> mounted) =>
        mounted.FirstOrDefault(static path => path == SecretsSpec.Folder || path.StartsWith(SecretsSpec.Folder + "/", StringComparison.Ordinal)) is { } over
            ? $"'{over}' is where its secrets are"
            : null;

    private static bool IsAscending(IEnumerable<Hash32> coes)
    {
        Hash32? last = null;
        foreach (var coe in coes)
        {
            if (last is { } before && coe <= before)
            {
                return false;
            }

            last = coe;
        }

        return true;
    }
}
