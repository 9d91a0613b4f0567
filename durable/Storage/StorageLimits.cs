namespace Dweb.Durable.Storage;

/// <summary>What Azure Tables takes. The local emulator is laxer, so these are enforced before anything is sent.</summary>
internal static class StorageLimits
{
    public const int OperationsPerTransaction = 100;
    public const int BytesPerTransaction = 4 * 1024 * 1024;
    public const int BytesPerRow = 1024 * 1024;
    public const int BytesPerProperty = 64 * 1024;

    /// <summary>A page above this goes to a blob: binary travels as base64, and the rest of the transaction needs room too.</summary>
    public const int RawBytesPerPage = (5 * 1024 * 1024) / 2;

    /// <summary>Binary properties of one row: its limit is counted by some storages on what is stored and by others on the base64 that travels.</summary>
    public const int ChunksPerRow = 11;

    /// <summary>Texts up to this are kept in the instance's own row, longer ones only in its history.</summary>
    public const int InlineTextLength = 16_384;
}

/// <summary>A write that the storage would refuse.</summary>
internal sealed class StorageLimitException(string message) : Exception(message);
