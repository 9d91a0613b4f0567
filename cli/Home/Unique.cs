using Dweb.Core.Protocol.Errors;

namespace Dweb.Cli.Home;

/// <summary>People name things by their name or by the beginning of it, as long as it fits one thing only.</summary>
internal static class Unique
{
    /// <returns>The thing whose name is exactly this, else the only one whose name begins with it.</returns>
    /// <param name="kind">What is looked for, in the words of the message.</param>
    /// <exception cref="DwebException">None fits (<paramref name="unknown"/>, or not found), or more than one.</exception>
    public static T Named<T>(IEnumerable<T> things, string nameOrPrefix, Func<T, string> nameOf, string kind, ErrorCode? unknown = null)
    {
        T[] candidates = [.. things.Where(thing => nameOf(thing).StartsWith(nameOrPrefix, StringComparison.OrdinalIgnoreCase))];
        T[] exact = [.. candidates.Where(thing => nameOf(thing).Length == nameOrPrefix.Length)];
        T[] fitting = exact.Length > 0 ? exact : candidates;
        return fitting.Length switch
        {
            0 => throw new DwebException(unknown ?? Catalogue.NotFound, $"There is no {kind} '{nameOrPrefix}'."),
            1 => fitting[0],
            _ => throw new DwebException(Catalogue.Ambiguous, $"'{nameOrPrefix}' fits {fitting.Length} {kind}s: {string.Join(", ", fitting.Take(5).Select(nameOf))}."),
        };
    }
}
