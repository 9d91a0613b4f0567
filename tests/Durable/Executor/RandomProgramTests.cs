using CsCheck;
using Dweb.Durable.Tests.Fixtures;

namespace Dweb.Durable.Tests.Executor;

public sealed class RandomProgramTests
{
    [Fact]
    public void Any_program_in_any_interleaving_comes_to_what_it_says_in_the_steps_it_has_and_replays_in_silence() =>
        Gen.Select(RandomProgram.Programs, Gen.Int[0, 1_000_000]).Sample((program, seed) => Seen(program, seed) == Expected(program), iter: 400, print: sample =>
            $"{Json.Write(sample.Item1, TestJson.Default.Program)} came to {Seen(sample.Item1, sample.Item2)}, not {Expected(sample.Item1)} (chance {sample.Item2})");

    private static (string Result, int Lines, int Calls) Seen(RandomProgram program, int seed)
    {
        var run = new RandomRun(program, new Random(seed));
        return (run.ToEnd(), run.Lines, run.Calls);
    }

    private static (string Result, int Lines, int Calls) Expected(RandomProgram program) => ($"\"{program.Interpret()}\"", program.Rest.Count, program.Calls);
}
