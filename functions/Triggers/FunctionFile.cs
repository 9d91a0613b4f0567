using System.Text.Json;
using System.Text.Json.Serialization;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Functions.Triggers;

/// <summary>A function as its function.json declares it. The folder's name is the function's.</summary>
internal sealed record FunctionFile(string Name, string TriggerType, string? QueueName, string? Schedule, string? Route)
{
    public const string HttpTrigger = "httpTrigger";
    public const string QueueTrigger = "queueTrigger";
    public const string TimerTrigger = "timerTrigger";

    /// <summary>Reads every folder with a function.json below the script root.</summary>
    public static IReadOnlyList<FunctionFile> ReadAll(string scriptRoot, IConfiguration settings) =>
        [.. Directory.EnumerateDirectories(scriptRoot)
            .Select(static folder => Path.Combine(folder, "function.json"))
            .Where(File.Exists)
            .Order(StringComparer.Ordinal)
            .Select(file => Read(file, settings))];

    private static FunctionFile Read(string path, IConfiguration settings)
    {
        string name = Path.GetFileName(Path.GetDirectoryName(path))!;
        var file = JsonSerializer.Deserialize(File.ReadAllBytes(path), TriggerJson.Default.FunctionDocument);
        var trigger = file?.Bindings.SingleOrDefault(static b => b.Type.EndsWith("Trigger", StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"{path} declares no trigger, or more than one.");
        return new FunctionFile(name, trigger.Type, Resolve(trigger.QueueName, settings), Resolve(trigger.Schedule, settings), trigger.Route);
    }

    /// <summary>Replaces a <c>%Name%</c> by the setting of that name, as a Functions host does.</summary>
    private static string? Resolve(string? value, IConfiguration settings)
    {
        if (value is not ['%', .., '%'])
        {
            return value;
        }

        string name = value[1..^1];
        return settings[name.Replace("__", ":", StringComparison.Ordinal)] is { Length: > 0 } setting
            ? setting
            : throw new DwebException(Catalogue.InvalidSetting, $"The setting {name} is missing.", name);
    }
}

internal sealed record FunctionDocument(IReadOnlyList<BindingDocument> Bindings);

internal sealed record BindingDocument(string Type, string Direction, string Name, string? QueueName, string? Schedule, string? Route);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(FunctionDocument))]
[JsonSerializable(typeof(HostDocument))]
internal sealed partial class TriggerJson : JsonSerializerContext;
