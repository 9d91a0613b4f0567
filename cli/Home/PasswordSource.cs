using Dweb.Core.Protocol.Errors;

namespace Dweb.Cli.Home;

/// <summary>Where passwords come from: a file's first line or a terminal without echo; never an argument, which other users could read.</summary>
internal sealed class PasswordSource(string? file)
{
    public const string Variable = "DWEB_PASSWORD_FILE";

    /// <exception cref="DwebException">The file cannot be read, or there is neither file nor terminal.</exception>
    public string ForExisting(string wallet) => file is not null ? FromFile(file) : FromTerminal($"Password of wallet '{wallet}': ");

    /// <summary>Asked twice at a terminal.</summary>
    /// <exception cref="DwebException">As above, or the two differ, or the password is empty.</exception>
    public string ForNew(string wallet)
    {
        string password = file is not null ? FromFile(file) : FromTerminal($"Password for wallet '{wallet}': ");
        if (password.Length == 0)
        {
            throw new DwebException(Catalogue.PasswordNeeded, "An empty password protects nothing.");
        }

        return file is not null || FromTerminal("Once more: ") == password
            ? password
            : throw new DwebException(Catalogue.WrongPassword, "The two passwords differ; nothing was written.");
    }

    /// <summary>From standard input where something else is behind it than a terminal, else asked without echo.</summary>
    /// <param name="what">What is asked for, in the words of the message.</param>
    /// <exception cref="DwebException">Standard input is at its end.</exception>
    public static string Secret(string prompt, string what) => !Console.IsInputRedirected
        ? FromTerminal(prompt)
        : Console.In.ReadLine() ?? throw new DwebException(Catalogue.InvalidValue, $"There is no {what} on standard input, and no terminal to ask at.");

    private static string FromFile(string path)
    {
        try
        {
            using var reader = new StreamReader(path);
            return reader.ReadLine() ?? "";
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new DwebException(Catalogue.PasswordNeeded, $"The password file {path} cannot be read: {fault.Message}", inner: fault);
        }
    }

    private static string FromTerminal(string prompt)
    {
        if (Console.IsInputRedirected)
        {
            throw new DwebException(Catalogue.PasswordNeeded, "There is no terminal to ask for the password at.");
        }

        Console.Error.Write(prompt);
        var typed = new List<char>();
        for (var key = Console.ReadKey(intercept: true); key.Key != ConsoleKey.Enter; key = Console.ReadKey(intercept: true))
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                typed.RemoveRange(Math.Max(0, typed.Count - 1), Math.Min(1, typed.Count));
            }
            else if (!char.IsControl(key.KeyChar))
            {
                typed.Add(key.KeyChar);
            }
        }

        Console.Error.WriteLine();
        return new string([.. typed]);
    }
}
