using System.Text.Json.Serialization;

namespace Dweb.Durable.Tests.Fixtures;

public sealed record Money(decimal Amount, DateTimeOffset At);

[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(List<int>))]
[JsonSerializable(typeof(List<string>))]
[JsonSerializable(typeof(Money))]
[JsonSerializable(typeof(Guid))]
[JsonSerializable(typeof(Executor.RandomProgram), TypeInfoPropertyName = "Program")]
internal sealed partial class TestJson : JsonSerializerContext;

/// <summary>Definitions that most tests share.</summary>
internal static class Defs
{
    public static readonly ActivityDefinition<int, int> Double = new("Double", TestJson.Default.Int32, TestJson.Default.Int32);
    public static readonly ActivityDefinition<string, string> Echo = new("Echo", TestJson.Default.String, TestJson.Default.String);
    public static readonly ActivityDefinition<int, int> Flaky = new("Flaky", TestJson.Default.Int32, TestJson.Default.Int32);
    public static readonly EventDefinition<int> Number = new("Number", TestJson.Default.Int32);
    public static readonly EventDefinition<string> Word = new("Word", TestJson.Default.String);

    public static OrchestrationDefinition<int, int> IntToInt(string name) => new(name, TestJson.Default.Int32, TestJson.Default.Int32);

    public static OrchestrationDefinition<int, string> IntToString(string name) => new(name, TestJson.Default.Int32, TestJson.Default.String);

    public static OrchestrationDefinition<string, string> StringToString(string name) => new(name, TestJson.Default.String, TestJson.Default.String);
}
