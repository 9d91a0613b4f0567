using Dweb.Agent.Startup;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Agent.State;

/// <summary>The agent's folder, held by a lock for as long as the process lives: two agents on one folder would fight over its leases.</summary>
internal sealed class DataFolder : IDisposable
{
    private const string LockName = "lock";
    private readonly FileStream held;

    private DataFolder(string path, FileStream held)
    {
        Path = path;
        this.held = held;
    }

    public string Path { get; }

    public string IdentityFile => System.IO.Path.Combine(Path, "identity.json");

    public string VolumeFolder => VolumesOf(Path);

    public string SecretsFolder => SecretsOf(Path);

    public string LeaseFolder => System.IO.Path.Combine(Path, "leases");

    public string JournalFolder => JournalOf(Path);

    public static string JournalOf(string path) => System.IO.Path.Combine(path, "usage");

    public static string SecretsOf(string path) => System.IO.Path.Combine(path, "secrets");

    public static string VolumesOf(string path) => System.IO.Path.Combine(path, "volumes");

    /// <returns>Whether a process has the folder; null where there is none yet. Nothing is made.</returns>
    public static bool? IsHeld(string path)
    {
        string file = System.IO.Path.Combine(path, LockName);
        if (!File.Exists(file))
        {
            return null;
        }

        try
        {
            new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose();
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <exception cref="StartupException">The folder cannot be written, or another agent has it.</exception>
    public static DataFolder Open(string path)
    {
        try
        {
            Directory.CreateDirectory(System.IO.Path.Combine(path, "leases"));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StartupException(
                Catalogue.InvalidSetting, $"The data folder '{path}' cannot be made: {failure.Message}", "Give the agent a folder that it may write.");
        }

        try
        {
            return new DataFolder(path, new FileStream(System.IO.Path.Combine(path, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StartupException(
                Catalogue.InvalidSetting, $"The data folder '{path}' is in use by another agent.", "Stop that agent, or set another dataFolder.");
        }
    }

    public void Dispose() => held.Dispose();
}
