using Dweb.Core.Protocol.Errors;

namespace Dweb.Agent.Startup;

/// <summary>The agent cannot start: what is wrong and where, in one sentence, and what to do about it.</summary>
internal sealed class StartupException(ErrorCode error, string message, string hint, Exception? inner = null) : Exception(message, inner)
{
    public ErrorCode Error { get; } = error;

    public string Hint { get; } = hint;
}
