namespace Dweb.Core.Protocol;

/// <summary>Fixed-width hexadecimal with a 0x prefix, as the chain's tools write it.</summary>
internal static class Hex
{
    public static string Encode(ReadOnlySpan<byte> bytes) => "0x" + Convert.ToHexStringLower(bytes);

    /// <summary>Decodes exactly <paramref name="width"/> bytes; a missing prefix, another length or a foreign character is refused.</summary>
    public static bool TryDecode(string? text, int width, out byte[] bytes)
    {
        bytes = [];
        if (text is null || text.Length != 2 + (2 * width) || text[0] != '0' || text[1] is not ('x' or 'X'))
        {
            return false;
        }

        var buffer = new byte[width];
        if (Convert.FromHexString(text.AsSpan(2), buffer, out _, out int written) != System.Buffers.OperationStatus.Done || written != width)
        {
            return false;
        }

        bytes = buffer;
        return true;
    }
}
