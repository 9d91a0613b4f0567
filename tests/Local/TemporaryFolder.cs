namespace Dweb.Local.Tests;

/// <summary>A folder of one test; its name has a space, as a person's folder may.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("dweb test ").FullName;

    public string File(string name, string text)
    {
        var file = System.IO.Path.Combine(Path, name.TrimStart('/'));
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        System.IO.File.WriteAllText(file, text);
        return file;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
