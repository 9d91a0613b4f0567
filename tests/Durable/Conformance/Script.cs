using System.Text.Json.Nodes;

namespace Dweb.Durable.Tests.Conformance;

/// <summary>Events of a history that is made by hand, as the peer's script reads them, and what it says of an answer.</summary>
internal static class Script
{
    private const long Start = 1_767_225_600_000;

    public static JsonArray Turn(int minutes) => ["turn", Start + (60_000L * minutes)];

    public static JsonArray TurnAt(int days) => ["turn", Start + (86_400_000L * days)];

    public static JsonArray TimerCreated(int id, int days) => ["timer", id, Start + (86_400_000L * days)];

    public static DateTimeOffset At(int days) => DateTimeOffset.FromUnixTimeMilliseconds(Start).AddDays(days);

    public static JsonArray Started(int input) => ["started", "O", $"{input}"];

    public static JsonArray Scheduled(int id) => ["scheduled", id, "Double", "0"];

    /// <summary>The request of each kind that has a completion.</summary>
    public static JsonArray Asked(string kind, int id) => kind switch
    {
        "task" => Scheduled(id),
        "child" => ["child", id, "Child", $"c{id}", "1"],
        _ => TimerCreated(id, 1),
    };

    /// <summary>The completion of a request, by its kind.</summary>
    public static JsonArray Completed(string kind, int id, int result) => kind switch
    {
        "fired" => ["fired", id],
        "failed" or "childFailed" => [kind, id, new JsonObject { ["type"] = "E", ["message"] = $"no {result}" }],
        _ => [kind, id, $"{result}"],
    };

    public static (int, string?, string?) Call(JsonNode action) => ((int)action["id"]!, (string?)action["kind"], (string?)action["input"]);

    public static JsonNode Single(JsonNode answer) => Assert.Single(answer["actions"]!.AsArray())!;
}
