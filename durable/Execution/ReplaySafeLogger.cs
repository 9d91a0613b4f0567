using Microsoft.Extensions.Logging;

namespace Dweb.Durable.Execution;

internal sealed class ReplaySafeLogger(OrchestrationContext context, ILogger inner) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => inner.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => !context.IsReplaying && inner.IsEnabled(logLevel);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (context.IsReplaying)
        {
            return;
        }
        // What a logger starts on its own account must not look as if the orchestrator had started it.
        using (ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow())
        {
            inner.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}
