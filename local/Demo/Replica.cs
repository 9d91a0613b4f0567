using System.Text.Json;

namespace Dweb.Local.Demo;

/// <summary>One replica of a deployment, and what it answered.</summary>
internal sealed record Replica(string Service, int Index, string Coe, string Url, int Status, string Answer)
{
    /// <summary>From one member of <c>replicas</c> in what <c>dweb deploy --json</c> prints.</summary>
    public static Replica Parse(JsonElement json) => new(
        json.GetProperty("service").GetString()!, json.GetProperty("replica").GetInt32(), json.GetProperty("coe").GetString()!, json.GetProperty("url").GetString()!, Status: 0, Answer: "");

    public string Name => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Service}-{Index}");
}
