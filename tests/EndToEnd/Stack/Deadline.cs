namespace Dweb.EndToEnd.Tests.Stack;

/// <summary>Waits for what has to come. How long it takes is no test's business; that it never comes is.</summary>
internal static class Deadline
{
    /// <summary>For one step, on a machine that does other things as well.</summary>
    public static readonly TimeSpan Generous = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    public static Task UntilAsync(string what, Func<CancellationToken, Task<bool>> holds, CancellationToken cancellationToken) =>
        UntilAsync(what, async stop => await holds(stop) ? what : null, cancellationToken);

    /// <summary>The first value that is there.</summary>
    public static async Task<T> UntilAsync<T>(string what, Func<CancellationToken, Task<T?>> find, CancellationToken cancellationToken)
        where T : class
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Generous);
        try
        {
            while (true)
            {
                if (await find(limit.Token) is { } found)
                {
                    return found;
                }

                await Task.Delay(Poll, limit.Token);
            }
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"Within {Generous.TotalMinutes:0} minutes it did not come to this: {what}.", late);
        }
    }
}
