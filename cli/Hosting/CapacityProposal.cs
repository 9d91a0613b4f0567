using Dweb.Core.Resources;

namespace Dweb.Cli.Hosting;

/// <summary>How much of a machine is offered; no I/O.</summary>
internal static class CapacityProposal
{
    /// <summary>Percent of what was found. The rest is for the system, the engine and the agent.</summary>
    public const int UsualShare = 90;

    private const ulong SecondsOfAMonth = 30 * 86_400;
    private const ulong BitsOfAMegabit = 1_000_000;
    private const ulong BitsOfAGibibyte = 8UL * 1024 * 1024 * 1024;

    /// <summary>Leases reserve an allowance of transfer each: together a tenth of what the line could carry in thirty days.</summary>
    private const ulong TransferPart = 10;

    /// <param name="bandwidth">Mbit/s of the line as it was measured.</param>
    /// <param name="share">1 to 100, of all but the transfer, which follows from the bandwidth that is offered.</param>
    public static ResourceVector Of(DetectedMachine machine, ulong bandwidth, int share)
    {
        ulong line = Part(bandwidth, share);
        return new ResourceVector(Part(machine.Cpu, share), Part(machine.Memory, share), Part(machine.Storage, share), line, TransferOf(line));
    }

    /// <param name="bandwidth">Mbit/s that are offered.</param>
    /// <returns>GiB for all leases together.</returns>
    public static ulong TransferOf(ulong bandwidth) =>
        (ulong)UInt128.Min(ulong.MaxValue, (UInt128)bandwidth * BitsOfAMegabit * SecondsOfAMonth / TransferPart / BitsOfAGibibyte);

    private static ulong Part(ulong whole, int share) => whole * (ulong)share / 100;
}
