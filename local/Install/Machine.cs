namespace Dweb.Local.Install;

/// <summary>The machine as seen through its files. <paramref name="Root"/> is <c>/</c> but for tests.</summary>
internal sealed record Machine(string Root, string SearchPath)
{
    private const uint ElfMagic = 0x464C457F;
    private const uint InterpreterHeader = 3;

    public static Machine This() => new("/", Environment.GetEnvironmentVariable("PATH") ?? "");

    public string At(string path) => Path.Combine(Root, path.TrimStart('/'));

    public bool HasProgram(string name) =>
        SearchPath.Split(':').Append("/usr/sbin").Append("/sbin").Any(folder => File.Exists(At(Path.Combine(folder, name))));

    /// <summary>Whether a file is a 64-bit program that needs no shared library: an image made of it alone can run.</summary>
    public bool HasStaticProgram(string path)
    {
        var file = At(path);
        if (!File.Exists(file))
        {
            return false;
        }

        using var reader = new BinaryReader(File.OpenRead(file));
        if (reader.BaseStream.Length < 64 || reader.ReadUInt32() != ElfMagic)
        {
            return false;
        }

        reader.BaseStream.Position = 32;
        var headers = reader.ReadInt64();
        reader.BaseStream.Position = 54;
        var size = reader.ReadUInt16();
        var count = reader.ReadUInt16();
        for (var i = 0; i < count; i++)
        {
            reader.BaseStream.Position = headers + (i * size);
            if (reader.ReadUInt32() == InterpreterHeader)
            {
                return false;
            }
        }

        return true;
    }
}
