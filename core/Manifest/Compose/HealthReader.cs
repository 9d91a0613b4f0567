namespace Dweb.Core.Manifest.Compose;

/// <summary><c>healthcheck</c>, with Compose's defaults.</summary>
internal static class HealthReader
{
    private const int DefaultSeconds = 30;
    private const int DefaultRetries = 3;
    private const int MaxSeconds = 86_400;
    private const int MaxRetries = 1000;

    public static HealthSpec? Read(ComposeNode? node)
    {
        if (node is null)
        {
            return null;
        }

        var map = node.AsMap();
        map.Allow("test", "interval", "timeout", "retries", "start_period", "disable");
        var test = map.Find("test") is { } found ? TestOf(found) : null;
        if (map.Find("disable")?.AsBool() == true || test is ["NONE"])
        {
            return HealthSpec.Disabled;
        }

        return new HealthSpec(
            test ?? throw map.Malformed("needs 'test'"),
            (int)(map.Find("interval")?.AsSeconds(1, MaxSeconds) ?? DefaultSeconds),
            (int)(map.Find("timeout")?.AsSeconds(1, MaxSeconds) ?? DefaultSeconds),
            (int)(map.Find("retries")?.AsInteger(1, MaxRetries) ?? DefaultRetries),
            (int)(map.Find("start_period")?.AsSeconds(0, MaxSeconds) ?? 0));
    }

    private static IReadOnlyList<string> TestOf(ComposeNode node)
    {
        IReadOnlyList<string> test = node.IsList ? node.AsTexts() : ["CMD-SHELL", node.AsText()];
        return test switch
        {
            ["NONE"] or ["CMD", _, ..] or ["CMD-SHELL", _] => test,
            _ => throw node.Malformed("must be a line, or a list that begins with CMD, CMD-SHELL or NONE"),
        };
    }
}
