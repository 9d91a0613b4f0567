namespace Dweb.Functions.Triggers;

/// <summary>What every line that is logged for one call of a function carries, under a host and alone.</summary>
internal static class Invocation
{
    /// <summary>By which a host tells a custom handler the call's id.</summary>
    public const string HeaderName = "x-azure-functions-invocationid";

    public static IDisposable? Begin(ILogger logger, string function, string id) =>
        logger.BeginScope(new Dictionary<string, object>(StringComparer.Ordinal) { ["Function"] = function, ["InvocationId"] = id });

    /// <summary>A call that this process starts itself.</summary>
    public static IDisposable? Begin(ILogger logger, string function) => Begin(logger, function, Guid.NewGuid().ToString());
}
