namespace Dweb.Local.Stack;

/// <summary>Does the same for several at once, as many as the machine has processors, three at least.</summary>
internal static class Together
{
    public static Task Each<T>(IEnumerable<T> items, Func<T, CancellationToken, Task> work, CancellationToken stop) => Parallel.ForEachAsync(
        items,
        new ParallelOptions { MaxDegreeOfParallelism = Math.Max(3, Environment.ProcessorCount), CancellationToken = stop },
        async (item, s) => await work(item, s));
}
