using System.Numerics;
using CsCheck;
using Dweb.Functions.Settling;

namespace Dweb.Functions.Tests.Settling;

public sealed class HalvingTests
{
    private static readonly Gen<bool[]> Places =
        from odds in Gen.Int[0, 8]
        from bad in Gen.Int[0, 7].Select(dice => dice < odds - 1).Array[0, 70]
        select bad;

    [Fact]
    public void The_bad_ones_are_found_wherever_they_are_the_others_are_sent_once_and_the_tries_are_bounded() => Places.Sample(bad =>
    {
        var (sent, condemned, tries) = Run(bad);
        int[] all = [.. Enumerable.Range(0, bad.Length)];
        Assert.Equal(all.Where(i => bad[i]), condemned);
        Assert.Equal(all.Where(i => !bad[i]), sent);
        Assert.InRange(tries, bad.Length == 0 ? 0 : 1, MostTries(bad.Length, condemned.Count));
    });

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(1_000)]
    public void Without_a_bad_one_it_takes_one_try(int count) => Assert.Equal(1, Run(new bool[count]).Tries);

    [Fact]
    public async Task A_fault_that_is_nobodys_ends_it_and_condemns_nobody()
    {
        int tries = 0;
        await Assert.ThrowsAsync<InvalidOperationException>(() => Halving.RunAsync<int>(
            [1, 2, 3, 4],
            _ => ++tries == 1 ? Task.FromResult<string?>("refused") : throw new InvalidOperationException("the node is away"),
            static (_, _) => throw new InvalidOperationException("nobody is bad")));
        Assert.Equal(2, tries);
    }

    private static int MostTries(int all, int bad) =>
        all == 0 ? 0 : Math.Min((2 * all) - 1, 1 + (2 * bad * (BitOperations.Log2((uint)all) + (BitOperations.IsPow2(all) ? 0 : 1))));

    private static (List<int> Sent, List<int> Condemned, int Tries) Run(bool[] bad)
    {
        var (sent, condemned, tries) = (new List<int>(), new List<int>(), 0);
        var run = Halving.RunAsync(
            [.. Enumerable.Range(0, bad.Length)],
            some =>
            {
                tries++;
                bool isRefused = some.Any(i => bad[i]);
                sent.AddRange(isRefused ? [] : some);
                return Task.FromResult(isRefused ? $"refused, {some.Count} of them" : null);
            },
            (one, reason) =>
            {
                Assert.Equal("refused, 1 of them", reason);
                condemned.Add(one);
                return Task.CompletedTask;
            });
        Assert.True(run.IsCompletedSuccessfully, run.Exception?.ToString());
        return (sent, condemned, tries);
    }
}
