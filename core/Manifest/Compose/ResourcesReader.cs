using System.Numerics;
using Dweb.Core.Protocol;

namespace Dweb.Core.Manifest.Compose;

/// <summary><c>deploy.resources</c>: a replica gets exactly what it reserves, so limits may repeat the reservation or stand for it.</summary>
internal static class ResourcesReader
{
    private const ulong DefaultCpu = 100;
    private const ulong DefaultMemory = 64;

    // What container engines need to start anything at all.
    private const ulong MinMemory = 6;
    private const ulong MaxCpu = 1_000_000;
    private const ulong MaxMemory = 1UL << 30;
    private const int MilliCpuDecimals = 3;

    /// <returns>mCPU and MiB.</returns>
    public static (ulong Cpu, ulong Memory) Read(ComposeNode? node)
    {
        var map = node?.AsMap();
        map?.Allow("reservations", "limits");
        var reserved = Part(map?.Find("reservations"));
        var limits = Part(map?.Find("limits"));
        return (One(reserved.Cpu, limits.Cpu, CpuOf) ?? DefaultCpu, One(reserved.Memory, limits.Memory, MemoryOf) ?? DefaultMemory);
    }

    private static (ComposeNode? Cpu, ComposeNode? Memory) Part(ComposeNode? node)
    {
        var map = node?.AsMap();
        map?.Allow("cpus", "memory");
        return (map?.Find("cpus"), map?.Find("memory"));
    }

    private static ulong? One(ComposeNode? reservation, ComposeNode? limit, Func<ComposeNode, ulong> read)
    {
        ulong? reserved = reservation is null ? null : read(reservation);
        ulong? limited = limit is null ? null : read(limit);
        return reserved is { } r && limited is { } l && r != l
            ? throw limit!.Unsupported("differs from the reservation; a replica gets exactly what it reserves")
            : reserved ?? limited;
    }

    private static ulong CpuOf(ComposeNode node) =>
        DecimalText.TryScale(node.AsText(), MilliCpuDecimals, out BigInteger cpu) && cpu >= 1 && cpu <= MaxCpu
            ? (ulong)cpu
            : throw node.Malformed("must be a number of CPUs with at most three decimals, as 0.25");

    private static ulong MemoryOf(ComposeNode node) => SizeText.ReadMebibytes(node, MinMemory, MaxMemory);
}
