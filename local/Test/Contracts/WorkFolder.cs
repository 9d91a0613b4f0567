using Dweb.Local.Layout;

namespace Dweb.Local.Test.Contracts;

/// <summary>A folder for copies of the contracts that one run has to itself and that is gone after it.</summary>
internal sealed class WorkFolder : IDisposable
{
    private readonly FileStream _lock;

    private WorkFolder(string path, FileStream held) => (Path, _lock) = (path, held);

    public string Path { get; }

    /// <summary>Opens the folder, empty: what a run that was killed left in it is removed.</summary>
    /// <exception cref="LocalException">Another run works in it.</exception>
    public static WorkFolder Open(Repository repository, string name)
    {
        var path = System.IO.Path.Combine(repository.Generated, name);
        Directory.CreateDirectory(repository.Generated);
        FileStream held;
        try
        {
            held = new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
        }
        catch (IOException taken)
        {
            throw new LocalException($"Another run works in {path}.", "Wait for its end, then start again.", taken);
        }

        var folder = new WorkFolder(path, held);
        folder.Clear();
        return folder;
    }

    public void Dispose()
    {
        Clear();
        _lock.Dispose();
    }

    private void Clear()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
