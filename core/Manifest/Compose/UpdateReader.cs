namespace Dweb.Core.Manifest.Compose;

/// <summary><c>deploy.update_config</c>. There is no <c>max_failure_ratio</c>: the first failure counts.</summary>
internal static class UpdateReader
{
    private const int MaxReplicas = 256;

    public static UpdateSpec? Read(ComposeNode? node)
    {
        if (node is null)
        {
            return null;
        }

        var map = node.AsMap();
        map.Allow("parallelism", "delay", "monitor", "failure_action", "order");
        return new UpdateSpec(
            (int?)map.Find("parallelism")?.AsInteger(0, MaxReplicas),
            (int?)map.Find("delay")?.AsSeconds(0, UpdateSpec.MostSeconds),
            (int?)map.Find("monitor")?.AsSeconds(0, UpdateSpec.MostSeconds),
            map.Find("failure_action") is { } action ? ActionOf(action) : null,
            map.Find("order") is { } order ? SequenceOf(order) : null);
    }

    private static FailureAction ActionOf(ComposeNode node) => node.AsText() switch
    {
        "rollback" => FailureAction.Rollback,
        "pause" => FailureAction.Pause,
        "continue" => FailureAction.Continue,
        var other => throw node.Malformed($"must be rollback, pause or continue, not '{other}'"),
    };

    private static UpdateSequence SequenceOf(ComposeNode node) => node.AsText() switch
    {
        "start-first" => UpdateSequence.StartFirst,
        "stop-first" => UpdateSequence.StopFirst,
        var other => throw node.Malformed($"must be start-first or stop-first, not '{other}'"),
    };
}
