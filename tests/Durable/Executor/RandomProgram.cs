using CsCheck;
using Dweb.Durable.Tests.Fixtures;
using Microsoft.Extensions.Logging;

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

    /// <summary>Calls of the activity that is never refused, in the whole run.</summary>
    public int Calls => Rest.Sum(op => op.Verb switch
    {
        Verb.Call => 1,
        Verb.Race => 2,
        Verb.Fan => Enumerable.Range(0, op.N).Sum(i => (i % 4) switch { 0 => 1, 3 => 2, _ => 0 }),
        _ => 0,
    });

    /// <summary>What the program comes to, computed without any orchestration. Events are numbered from 1 in the order of their arrival.</summary>
    public long Interpret()
    {
        var (sum, events) = (Sum, 0);
        foreach (var op in Rest)
        {
            sum = unchecked((sum * 31) + op.Verb switch
            {
                Verb.Call or Verb.Child or Verb.Race => 2 * op.N,
                Verb.Fan => op.N * (op.N - 1),
                Verb.Timer => 1,
                Verb.Event => ++events,
                Verb.Retry => 3,
                _ => 0,
            });
        }
        return sum;
    }

    /// <param name="log">Is told each step, once.</param>
    internal static async Task<string> RunAsync(OrchestrationContext context, RandomProgram program, ILogger log)
    {
        var logger = context.CreateReplaySafeLogger(log);
        var sum = program.Sum;
        for (var i = 0; i < program.Rest.Count; i++)
        {
            var op = program.Rest[i];
            sum = unchecked((sum * 31) + await StepAsync(context, op));
            logger.Log(LogLevel.Information, default, op.Verb, null, static (verb, _) => verb.ToString());
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
                return (await Task.WhenAll(Enumerable.Range(0, op.N).Select(i => BranchAsync(context, i)))).Sum();
            case Verb.Timer:
                await context.CreateTimerAsync(TimeSpan.FromDays(op.N));
                return 1;
            case Verb.Event:
                return await context.WaitForEventAsync(Defs.Number);
            case Verb.Race:
                return await await Task.WhenAny(context.CallAsync(Defs.Double, op.N), AfterAsync(context, op.N), context.CallAsync(Defs.Double, op.N));
            case Verb.Retry:
                return await context.CallAsync(Defs.Flaky, 3, new RetryPolicy(3, TimeSpan.FromMinutes(1)));
            default:
                return 0;
        }
    }

    /// <summary>Branches of each kind side by side; all double their number.</summary>
    private static async Task<int> BranchAsync(OrchestrationContext context, int i) => (i % 4) switch
    {
        0 => await context.CallAsync(Defs.Double, i),
        1 => await context.CallSubOrchestrationAsync(Defs.IntToInt("Child"), i),
        2 => await AfterAsync(context, i),
        _ => await context.CallAsync(Defs.Double, await context.CallAsync(Defs.Double, i)) / 2,
    };

    private static async Task<int> AfterAsync(OrchestrationContext context, int n)
    {
        await context.CreateTimerAsync(TimeSpan.FromHours(n));
        return 2 * n;
    }
}
