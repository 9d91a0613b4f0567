using System.Security.Cryptography;
using Dweb.Local.Layout;

namespace Dweb.Local.Stack;

/// <summary>Where the keystores of a stack's people are.</summary>
internal sealed class WalletBook(StateFolder state)
{
    /// <summary>The CLI's home of this stack.</summary>
    public string Home => Path.Combine(state.Root, "home");

    public string PasswordFile => Path.Combine(Home, "password");

    public string Keystore(string name) => Path.Combine(Home, "wallets", name + ".json");

    /// <summary>Makes the home and a password for its keystores.</summary>
    public void Create()
    {
        Directory.CreateDirectory(Home);
        WritePrivate(PasswordFile, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));
    }

    /// <summary>A file that holds a key for as long as <paramref name="use"/> takes.</summary>
    public async Task<T> WithKeyFile<T>(string name, string key, Func<string, Task<T>> use)
    {
        var file = Path.Combine(Home, name + ".key");
        WritePrivate(file, key);
        try
        {
            return await use(file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static void WritePrivate(string file, string text)
    {
        File.Delete(file);
        using var stream = new FileStream(file, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        using var writer = new StreamWriter(stream);
        writer.Write(text);
    }
}
