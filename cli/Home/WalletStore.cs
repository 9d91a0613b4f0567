using System.Text.Json;
using System.Text.RegularExpressions;
using Dweb.Chain.Keystores;
using Dweb.Chain.Signing;
using Dweb.Cli.Terminal;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Cli.Home;

/// <summary>Keystores by name: a file <c>NAME.json</c> a wallet, readable by its owner only.</summary>
internal sealed partial class WalletStore(string folder)
{
    /// <summary>Names and addresses without opening a keystore, sorted by name.</summary>
    /// <exception cref="DwebException">A file is no keystore.</exception>
    public IReadOnlyList<EvmAccount> List() => !Directory.Exists(folder)
        ? []
        : [.. Names().Select(name => new EvmAccount(name, ReadAddress(name)))];

    /// <param name="nameOrPrefix">A name, or the beginning of exactly one.</param>
    /// <exception cref="DwebException">None, or more than one, fits.</exception>
    public EvmAccount Find(string nameOrPrefix)
    {
        string name = Unique.Named(Directory.Exists(folder) ? Names() : [], nameOrPrefix, static name => name, "wallet", Catalogue.WalletUnknown);
        return new EvmAccount(name, ReadAddress(name));
    }

    /// <exception cref="DwebException">The name is malformed or taken.</exception>
    public EvmAccount Add(string name, PrivateKey key, string password, KeystoreStrength strength)
    {
        RequireFree(name);
        string json = KeystoreV3.Encrypt(key, password, strength);
        try
        {
            PrivateFile.Write(PathOf(name), json, replace: false);
        }
        catch (IOException) when (File.Exists(PathOf(name)))
        {
            throw Taken(name);
        }

        return new EvmAccount(name, key.Address);
    }

    /// <summary>Before a password is asked for.</summary>
    /// <exception cref="DwebException">The name is malformed or taken.</exception>
    public void RequireFree(string name)
    {
        if (!NamePattern().IsMatch(name))
        {
            throw new DwebException(Catalogue.InvalidValue, $"'{name}' is no name for a wallet: use lower-case letters, digits, '-' and '_', at most 64.", "name");
        }

        if (File.Exists(PathOf(name)))
        {
            throw Taken(name);
        }
    }

    /// <exception cref="DwebException">The password does not open the keystore, or the keystore is damaged.</exception>
    public PrivateKey Open(EvmAccount account, string password)
    {
        try
        {
            var key = KeystoreV3.Decrypt(File.ReadAllText(PathOf(account.Name)), password);
            return key.Address == account.Address
                ? key
                : throw new DwebException(Catalogue.InvalidSetting, $"The keystore of wallet '{account.Name}' says {account.Address} and holds the key of {key.Address}.");
        }
        catch (KeystoreException fault)
        {
            var error = fault.Fault == KeystoreFault.WrongPassword ? Catalogue.WrongPassword : Catalogue.InvalidSetting;
            throw new DwebException(error, $"Wallet '{account.Name}': {fault.Message}", inner: fault);
        }
    }

    private string PathOf(string name) => Path.Combine(folder, name + ".json");

    private string[] Names() =>
        [.. Directory.EnumerateFiles(folder, "*.json").Select(static path => Path.GetFileNameWithoutExtension(path)).Where(static name => name[0] != '.').Order(StringComparer.Ordinal)];

    private EvmAddress ReadAddress(string name)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(PathOf(name)));
            string text = document.RootElement.GetProperty("address").GetString() ?? "";
            return EvmAddress.Parse(text.StartsWith("0x", StringComparison.Ordinal) ? text : "0x" + text);
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or FormatException or InvalidOperationException)
        {
            throw new DwebException(Catalogue.InvalidSetting, $"{PathOf(name)} is no keystore with an address.", inner: fault);
        }
    }

    private static DwebException Taken(string name) => new(Catalogue.NameTaken, $"There is already a wallet '{name}'.", "name");

    [GeneratedRegex("^[a-z0-9][a-z0-9_-]{0,63}$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NamePattern();
}
