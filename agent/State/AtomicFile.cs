namespace Dweb.Agent.State;

/// <summary>Replaces a file so that a reader, also after a crash, finds the old content or the new, never a mixture.</summary>
internal static class AtomicFile
{
    public const string TemporarySuffix = ".new";

    public static async Task WriteAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        string temporary = path + TemporarySuffix;
        await using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, 4096, FileOptions.Asynchronous))
        {
            await file.WriteAsync(content, cancellationToken);

            // The disk takes its time, in which the caller has other things to do.
            await Task.Run(() => file.Flush(flushToDisk: true), cancellationToken);
        }

        File.Move(temporary, path, overwrite: true);
    }
}
