using CsCheck;
using Dweb.Durable.Tests.Fixtures;

namespace Dweb.Durable.Tests.Executor;

public enum Verb
{
    Call,
    Fan,
    Timer,
    Event,
    Race,
    Retry,
    Child,
    Renew,
}

public sealed record Op(Verb Verb, int N);

/// <summary>An orchestration made by chance: what it has summed up so far and what is left to do.</summary>
public sealed record RandomProgram(long Sum, IReadOnlyList<Op> Rest)
{
    public static readonly Gen<RandomProgram> Programs =
        Gen.Select(Gen.Enum<Verb>(), Gen.Int[1, 6], (verb, n) => new Op(verb, n)).List[0, 12].Select(ops => new RandomProgram(1, ops));

    /// <summary>What the program comes to, computed without any orchestration.</summary>
    public long Interpret() => Rest.Aggregate(Sum, (sum, op) => unchecked((sum * 31) + op.Verb switch
    {
        Verb.Call or Verb.Child => 2 * op.N,
        Verb.Fan => op.N * (op.N - 1),
        Verb.Timer => 1,
        Verb.Event => 7,
        Verb.Race => 5,
        Verb.Retry => 3,
        _ => 0,
    }));

    internal static async Task<string> RunAsync(OrchestrationContext context, RandomProgram program)
    {
        var sum = program.Sum;
        for (var i = 0; i < program.Rest.Count; i++)
        {
            var op = program.Rest[i];
            sum = unchecked((sum * 31) + await StepAsync(context, op));
            if (op.Verb == Verb.Renew)
            {
                context.ContinueAsNew(new RandomProgram(sum, [.. program.Rest.Skip(i + 1)]));
                return "";
            }
        }
        return $"{sum}";
    }

    private static async Task<long> StepAsync(OrchestrationContext context, Op op)
    {
        switch (op.Verb)
        {
            case Verb.Call:
                return await context.CallAsync(Defs.Double, op.N);
            case Verb.Child:
                return await context.CallSubOrchestrationAsync(Defs.IntToInt("Child"), op.N);
            case Verb.Fan:
                return (await Task.WhenAll(Enumerable.Range(0, op.N).Select(i => context.CallAsync(Defs.Double, i)))).Sum();
            case Verb.Timer:
                await context.CreateTimerAsync(TimeSpan.FromDays(op.N));
                return 1;
            case Verb.Event:
                return await context.WaitForEventAsync(Defs.Number);
            case Verb.Race:
                await Task.WhenAny(context.CallAsync(Defs.Double, op.N), context.CreateTimerAsync(TimeSpan.FromHours(op.N)), context.CallAsync(Defs.Double, op.N));
                return 5;
            case Verb.Retry:
                return await context.CallAsync(Defs.Flaky, 3, new RetryPolicy(3, TimeSpan.FromMinutes(1)));
            default:
                return 0;
        }
    }
}
