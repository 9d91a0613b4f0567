namespace Dweb.Agent.Runtimes;

/// <summary>What every container is held to whatever it reserved.</summary>
internal static class ContainerLimits
{
    /// <summary>Enough for a server with worker processes, far below what exhausts a host's process table.</summary>
    public const long Processes = 512;

    /// <summary>Without the right to raise limits an engine gives no more than its own.</summary>
    public const long OpenFiles = 16_384;

    /// <summary>Of what it writes to its log.</summary>
    public const long LogBytes = 8 * (long)Mebibyte;

    public const ulong Mebibyte = 1024 * 1024;
}
