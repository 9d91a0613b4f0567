namespace Dweb.Durable;

/// <summary>Why an activity or an orchestration failed, as it travels and is stored.</summary>
/// <param name="ErrorType">Full name of the exception type that was thrown.</param>
/// <param name="Inner">The failure that caused this one.</param>
/// <param name="IsNonRetriable">Trying again cannot help; retry policies stop at once.</param>
public sealed record FailureDetails(string ErrorType, string Message, string? StackTrace = null, FailureDetails? Inner = null, bool IsNonRetriable = false)
{
    /// <summary>The deepest depth of inner failures that is kept.</summary>
    internal const int MaxDepth = 16;

    /// <summary>Describes an exception with its inner exceptions, at most sixteen deep.</summary>
    public static FailureDetails From(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return From(exception, MaxDepth);
    }

    /// <summary>True when this failure or one inside it was an exception of exactly <typeparamref name="T"/>.</summary>
    public bool IsCausedBy<T>() where T : Exception
    {
        for (var failure = this; failure is not null; failure = failure.Inner)
        {
            if (string.Equals(failure.ErrorType, typeof(T).FullName, StringComparison.Ordinal))
            {
                return true;
            }
        }
        return false;
    }

    private static FailureDetails From(Exception exception, int depth)
    {
        var inner = exception switch
        {
            TaskFailedException failed => failed.Failure,
            { InnerException: { } cause } when depth > 1 => From(cause, depth - 1),
            _ => null,
        };
        return new(TypeName(exception), exception.Message, exception.StackTrace, inner, exception is INonRetriable);
    }

    private static string TypeName(Exception exception) => exception.GetType().FullName ?? exception.GetType().Name;
}

/// <summary>Marks an exception after which trying again cannot help.</summary>
public interface INonRetriable;
