using System.CommandLine;
using Dweb.Chain.Keystores;
using Dweb.Chain.Signing;
using Dweb.Cli.Home;
using Dweb.Cli.Invocation;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Cli.Commands;

/// <summary><c>wallet import</c>: takes over a key from a file, a keystore, standard input or the terminal; never from an argument, which other users could read.</summary>
internal static class WalletImport
{
    public static Command Create(Verbs verbs)
    {
        var name = new Argument<string>("NAME") { Description = "Lower-case letters, digits, '-' and '_'." };
        var keyFile = new Option<string?>("--key-file") { Description = "File with the key: 64 hexadecimal digits.", HelpName = "FILE" };
        var keystore = new Option<string?>("--keystore") { Description = "Keystore (version 3) with the key.", HelpName = "FILE" };
        var keystorePassword = new Option<string?>("--keystore-password-file")
        {
            Description = "File whose first line opens the keystore; the new wallet's password is tried otherwise.", HelpName = "FILE",
        };
        var light = WalletCommands.LightOption();
        return verbs.Verb(
            "import", "Takes over a key: of a file, a keystore, or from standard input or the terminal.", "dweb wallet import alice --keystore alice.json",
            [name, keyFile, keystore, keystorePassword, light], (run, _) =>
            {
                if (run.Get(keyFile) is not null && run.Get(keystore) is not null)
                {
                    throw new DwebException(Catalogue.InvalidValue, "A key comes from --key-file or from --keystore, not from both.", "--keystore");
                }

                WalletCommands.Add(
                    run, run.Get(name),
                    () => FromFile(run, run.Get(keyFile), run.Get(keystore), run.Get(keystorePassword)) ?? Parse(PasswordSource.Secret("Private key: ", "key"), "What was read", null),
                    run.Get(light));
                return Task.CompletedTask;
            });
    }

    /// <returns>Null where neither a file with a key nor a keystore was named.</returns>
    /// <exception cref="DwebException">The file holds no key, or the password does not open the keystore.</exception>
    internal static PrivateKey? FromFile(Run run, string? keyFile, string? keystore, string? keystorePassword) => (keyFile, keystore) switch
    {
        ({ } file, _) => Parse(File.ReadAllText(file), file, "--key-file"),
        (_, { } file) => Open(file, keystorePassword is { } password ? new PasswordSource(password) : run.Passwords),
        _ => null,
    };

    private static PrivateKey Parse(string text, string source, string? option)
    {
        try
        {
            return PrivateKey.Parse(text.Trim());
        }
        catch (Exception fault) when (fault is FormatException or ArgumentException)
        {
            // The exception does not repeat the text, which may be a key with a typing error.
            throw new DwebException(Catalogue.InvalidValue, $"{source} holds no private key: {fault.Message}", option);
        }
    }

    private static PrivateKey Open(string file, PasswordSource passwords)
    {
        try
        {
            return KeystoreV3.Decrypt(File.ReadAllText(file), passwords.ForExisting(file));
        }
        catch (KeystoreException fault)
        {
            var error = fault.Fault == KeystoreFault.WrongPassword ? Catalogue.WrongPassword : Catalogue.InvalidValue;
            throw new DwebException(error, $"{file}: {fault.Message}", "--keystore", fault);
        }
    }
}
