namespace Dweb.Functions.Settling;

/// <summary>
/// Sends many at once and finds those for which that is refused: a refused set is halved until one is left. Of n with k bad ones it takes at most
/// 1 + 2k⌈log₂ n⌉ tries, and never more than 2n − 1.
/// </summary>
internal static class Halving
{
    /// <param name="attempt">Sends a set as a whole; gives the reason when it is refused, else null.</param>
    /// <param name="condemn">Takes one that is refused alone, with the reason.</param>
    public static async Task RunAsync<T>(IReadOnlyList<T> all, Func<IReadOnlyList<T>, Task<string?>> attempt, Func<T, string, Task> condemn)
    {
        var left = new Stack<IReadOnlyList<T>>([all]);
        while (left.TryPop(out var some))
        {
            if (some.Count == 0 || await attempt(some) is not { } reason)
            {
                continue;
            }

            if (some.Count == 1)
            {
                await condemn(some[0], reason);
                continue;
            }

            int half = some.Count / 2;
            left.Push([.. some.Skip(half)]);
            left.Push([.. some.Take(half)]);
        }
    }
}
