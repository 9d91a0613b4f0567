using System.Buffers.Binary;

namespace Dweb.Durable.Execution;

/// <summary>SplitMix64: numbers that depend on the seed alone, whatever the runtime's own generator becomes. Not for secrets.</summary>
internal sealed class ReplayRandom(ulong seed) : Random
{
    private ulong _state = seed;

    public override int Next() => (int)Below(int.MaxValue);

    public override int Next(int maxValue) => Next(0, maxValue);

    public override int Next(int minValue, int maxValue) => (int)NextInt64(minValue, maxValue);

    public override long NextInt64() => (long)Below(long.MaxValue);

    public override long NextInt64(long maxValue) => NextInt64(0, maxValue);

    public override long NextInt64(long minValue, long maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minValue, maxValue);
        return minValue == maxValue ? minValue : unchecked(minValue + (long)Below((ulong)(maxValue - minValue)));
    }

    public override double NextDouble() => (Draw() >> 11) * (1.0 / (1UL << 53));

    public override float NextSingle() => (Draw() >> 40) * (1.0f / (1U << 24));

    public override void NextBytes(byte[] buffer) => NextBytes(buffer.AsSpan());

    public override void NextBytes(Span<byte> buffer)
    {
        Span<byte> drawn = stackalloc byte[8];
        for (; buffer.Length > 0; buffer = buffer[Math.Min(8, buffer.Length)..])
        {
            BinaryPrimitives.WriteUInt64LittleEndian(drawn, Draw());
            drawn[..Math.Min(8, buffer.Length)].CopyTo(buffer);
        }
    }

    protected override double Sample() => NextDouble();

    internal ulong Draw()
    {
        unchecked
        {
            _state += 0x9E3779B97F4A7C15;
            var mixed = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
            return mixed ^ (mixed >> 31);
        }
    }

    /// <summary>The high half of a product spreads the draw evenly; the bias is under one in 2^64 over the bound.</summary>
    private ulong Below(ulong bound) => Math.BigMul(Draw(), bound, out _);
}
