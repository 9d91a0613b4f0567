namespace Dweb.Durable.Process;

/// <summary>An activity's effect that outlives the process: a file named by the call. A second run of the same call finds it, and leaves it as it is.</summary>
internal sealed class EffectFiles(string folder)
{
    public void Take(string effect)
    {
        try
        {
            using var made = new FileStream(Path.Combine(folder, effect), FileMode.CreateNew, FileAccess.Write);
            made.WriteByte((byte)'1');
        }
        catch (IOException) when (File.Exists(Path.Combine(folder, effect)))
        {
            // The first run came as far as this before its process died.
        }
    }
}
