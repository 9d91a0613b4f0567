using CsCheck;
using Dweb.Local.Mutation;

namespace Dweb.Local.Tests.Mutation;

public sealed class SamplesAreFair
{
    private static readonly IReadOnlyList<Mutant> Large = SmallContract.Mutants();
    private static readonly IReadOnlyList<Mutant> Small = [.. Large.Take(3).Select(m => m with { File = "Other.sol" })];

    [Fact]
    public void A_seed_takes_the_same_mutants_again() =>
        Gen.Int.Sample(seed => MutantSample.Take([Large, Small], 7, seed).SequenceEqual(MutantSample.Take([Large, Small], 7, seed)));

    [Fact]
    public void Another_seed_takes_others() =>
        Assert.True(Enumerable.Range(0, 20).Select(seed => string.Join('|', MutantSample.Take([Large], 5, seed).Select(m => m.Start))).Distinct().Count() > 10);

    [Fact]
    public void As_many_are_taken_as_were_asked_for_or_all_there_are() =>
        Gen.Select(Gen.Int[0, 60], Gen.Int).Sample((count, seed) =>
        {
            var sample = MutantSample.Take([Large, Small], count, seed);
            return sample.Count == Math.Min(count, Large.Count + Small.Count) && sample.Distinct().Count() == sample.Count;
        });

    [Fact]
    public void Every_target_has_its_share() =>
        Gen.Select(Gen.Int[2, 40], Gen.Int).Sample((count, seed) => MutantSample.Take([Large, Small], count, seed).Select(m => m.File).Distinct().Count() == 2);

    [Fact]
    public void Every_kind_of_change_is_in_a_sample_that_has_room_for_it() =>
        Gen.Int.Sample(seed => MutantSample.Take([Large], 6, seed).Select(m => m.Operator).Distinct().Count() == 6);
}
