using System.Text.Json;
using System.Text.Json.Serialization;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Functions.Triggers;

/// <summary>A function as its function.json declares it. The folder's name is the function's.</summary>
/// <param name="Binding">Name of the trigger's binding.</param>
internal sealed record FunctionFile(string Name, string TriggerType, string Binding, string? QueueName = null, string? Schedule = null, string? Route = null)
{
    public const string ActivityTrigger = "activityTrigger";
    public const string HttpTrigger = "httpTrigger";
    public const string OrchestrationTrigger = "orchestrationTrigger";
    public const string QueueTrigger = "queueTrigger";
    public const string TimerTrigger = "timerTrigger";
    private const string DurableClient = "durableClient";

    /// <summary>Of a timer: it also starts once when the program does.</summary>
    public bool RunOnStartup { get; init; }

    /// <summary>Name of the binding by which the host tells of its orchestrations; null where none is declared.</summary>
    public string? ClientBinding { get; init; }

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
        return new FunctionFile(name, trigger.Type, trigger.Name, Resolve(trigger.QueueName, settings), Resolve(trigger.Schedule, settings), trigger.Route)
        {
            RunOnStartup = trigger.RunOnStartup,
            ClientBinding = file.Bindings.SingleOrDefault(static b => b.Type == DurableClient)?.Name,
        };
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

internal sealed record BindingDocument(string Type, string Direction, string Name, string? QueueName, string? Schedule, string? Route, bool RunOnStartup);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(FunctionDocument))]
[JsonSerializable(typeof(HostDocument))]
internal sealed partial class TriggerJson : JsonSerializerContext;
