using System.Buffers;
using System.Text;

namespace Dweb.Agent.Metering;

/// <summary>Reads the small files by which the kernel tells its counters, many of them each second: without the buffers of a stream for each.</summary>
internal static class KernelFile
{
    private const int UsualBytes = 4096;
    private const int NoSuchProcess = 3;
    private const int NoSuchDevice = 19;

    /// <exception cref="IOException">There is no such file, or what it tells of is gone.</exception>
    public static string Read(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        byte[] bytes = ArrayPool<byte>.Shared.Rent(UsualBytes);
        try
        {
            int length = 0;
            while (RandomAccess.Read(file, bytes.AsSpan(length), length) is > 0 and int read)
            {
                length += read;
                if (length == bytes.Length)
                {
                    bytes = Grown(bytes);
                }
            }

            return Encoding.Latin1.GetString(bytes, 0, length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>Whether the process, or the group, is no more: the kernel answers ESRCH or ENODEV on a file of one that ended after it was opened.</summary>
    public static bool IsGone(Exception failure) =>
        failure is FileNotFoundException or DirectoryNotFoundException || (failure is IOException && (failure.HResult & 0xffff) is NoSuchProcess or NoSuchDevice);

    private static byte[] Grown(byte[] bytes)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(bytes.Length * 2);
        bytes.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(bytes);
        return larger;
    }
}
