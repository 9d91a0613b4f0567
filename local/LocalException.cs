namespace Dweb.Local;

/// <summary>A failure that a person can act on: what happened where, and what to do about it.</summary>
internal sealed class LocalException(string message, string advice, Exception? inner = null) : Exception(message, inner)
{
    public string Advice { get; } = advice;
}
