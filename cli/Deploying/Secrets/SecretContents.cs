using Dweb.Core.Manifest;
using Dweb.Core.Manifest.Secrets;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Cli.Deploying.Secrets;

/// <summary>Reads the contents of secrets on the machine of whoever deploys. They leave it sealed or not at all.</summary>
internal static class SecretContents
{
    /// <param name="folder">Of the Compose file; its paths are relative to it, those of the command line to the working folder.</param>
    /// <param name="variable">A variable of the environment; null where there is none.</param>
    /// <returns>Of each secret that a service uses, by its name.</returns>
    /// <exception cref="DwebException">One has no content, is too large, or is given and not declared.</exception>
    public static IReadOnlyDictionary<string, byte[]> Read(Deployment deployment, string folder, IReadOnlyList<SecretGiven> given, Func<string, string?> variable)
    {
        RequireDeclared(deployment, given);
        var contents = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (string name in deployment.Services.SelectMany(static service => service.Secrets).Select(static use => use.Source).Distinct(StringComparer.Ordinal))
        {
            contents[name] = given.FirstOrDefault(one => one.Name == name) is { } typed
                ? ReadFile(name, typed.Path)
                : ReadDeclared(name, deployment.Secrets[name], folder, variable);
        }

        long total = deployment.Services.SelectMany(static service => service.Secrets).Sum(use => (long)contents[use.Source].Length);
        return total <= SecretsSpec.MostBytes ? contents : throw new DwebException(
            Catalogue.SecretsTooLarge, $"The secrets of all services have {total} bytes; an order holds {SecretsSpec.MostBytes}.", "secrets");
    }

    private static void RequireDeclared(Deployment deployment, IReadOnlyList<SecretGiven> given)
    {
        if (given.GroupBy(static one => one.Name, StringComparer.Ordinal).FirstOrDefault(static same => same.Count() > 1) is { } twice)
        {
            throw new DwebException(Catalogue.InvalidValue, $"Secret '{twice.Key}' is given twice.", "--secret");
        }

        if (given.FirstOrDefault(one => !deployment.Secrets.ContainsKey(one.Name)) is { } unknown)
        {
            throw new DwebException(Catalogue.InvalidValue, $"The file declares no secret '{unknown.Name}'.", "--secret");
        }
    }

    private static byte[] ReadDeclared(string name, SecretSource source, string folder, Func<string, string?> variable) =>
        source.File is { } file ? ReadFile(name, Path.Combine(folder, file))
        : source.Variable is { } named ? System.Text.Encoding.UTF8.GetBytes(variable(named) ?? throw Missing(name, $"the variable {named} is not set"))
        : throw Missing(name, "neither the file nor the command line says where it is");

    private static byte[] ReadFile(string name, string path)
    {
        try
        {
            var file = new FileInfo(path);
            return !file.Exists ? throw Missing(name, $"there is no file {path}")
                : file.Length > SecretsSpec.MostBytes
                    ? throw new DwebException(Catalogue.SecretsTooLarge, $"Secret '{name}' has {file.Length} bytes; all secrets of an order have {SecretsSpec.MostBytes} at most.", $"secrets.{name}")
                : File.ReadAllBytes(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DwebException(Catalogue.SecretMissing, $"Secret '{name}' has no content: {failure.Message}", $"secrets.{name}", failure);
        }
    }

    private static DwebException Missing(string name, string why) => new(Catalogue.SecretMissing, $"Secret '{name}' has no content: {why}.", $"secrets.{name}");
}
