using Dweb.Durable.Execution;
using Dweb.Durable.Tests.Fixtures;

namespace Dweb.Durable.Tests.Executor;

public sealed class RandomTests
{
    [Fact]
    public void Random_numbers_are_the_same_on_replay_and_differ_per_instance_and_generation()
    {
        List<string> seen = [];
        var registry = new OrchestrationRegistry().AddOrchestration(Defs.IntToInt("O"), async (context, n) =>
        {
            seen.Add($"{context.Random.Next()} {context.Random.NextDouble()}");
            return await context.CallAsync(Defs.Double, n);
        });
        var driver = new Driver(registry, "O", "1");
        driver.Start();
        driver.Turn(driver.Done(0, "0"));
        new Driver(registry, "O", "1", "other").Start();
        new Driver(registry, "O", "1") { ExecutionId = "ffff" }.Start();

        Assert.Equal(seen[0], seen[1]);
        Assert.Equal(3, seen.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void The_sequence_of_a_seed_is_part_of_the_contract()
    {
        var random = new ReplayRandom(42);
        Assert.Equal([13679457532755275413UL, 2949826092126892291UL], [random.Draw(), random.Draw()]);
    }

    [Fact]
    public void Numbers_stay_within_their_bounds_and_reach_all_of_them()
    {
        var random = new ReplayRandom(7);
        HashSet<int> seen = [];
        for (var i = 0; i < 1_000; i++)
        {
            seen.Add(random.Next(-3, 4));
            Assert.InRange(random.NextDouble(), 0, 0.999999999999999999);
            Assert.InRange(random.NextSingle(), 0f, 0.9999999f);
            Assert.InRange(random.NextInt64(long.MinValue, long.MaxValue), long.MinValue, long.MaxValue - 1);
        }
        Assert.Equal([-3, -2, -1, 0, 1, 2, 3], seen.Order());
        Assert.Equal(5, random.Next(5, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => random.Next(5, 4));
    }

    [Fact]
    public void Bytes_are_filled_to_the_last()
    {
        var bytes = new byte[4_099];
        new ReplayRandom(1).NextBytes(bytes);
        Assert.NotEqual([0, 0, 0], bytes[^3..]);
    }
}
