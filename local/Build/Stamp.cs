namespace Dweb.Local.Build;

/// <summary>Remembers for which inputs a build was done last, so that an unchanged checkout costs no build.</summary>
internal sealed class Stamp(string folder, string name)
{
    private readonly string _file = Path.Combine(folder, name + ".stamp");

    public bool Matches(string fingerprint) => File.Exists(_file) && File.ReadAllText(_file) == fingerprint;

    public void Clear() => File.Delete(_file);

    public void Write(string fingerprint)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(_file, fingerprint);
    }
}
