using System.Text.Json;
using Dweb.Local.Stack;

namespace Dweb.Local.Demo;

/// <summary>One replica of a deployment, and what it answered.</summary>
internal sealed record Replica(string Service, int Index, string Coe, string Url, int Status, string Answer)
{
    /// <summary>From one member of <c>replicas</c> in what <c>dweb deploy --json</c> prints.</summary>
    public static Replica Parse(JsonElement json) => new(
        json.GetProperty("service").GetString()!, json.GetProperty("replica").GetInt32(), json.GetProperty("coe").GetString()!, json.GetProperty("url").GetString()!, Status: 0, Answer: "");

    /// <summary>From one member of <c>order.leases</c> in what <c>dweb inspect --json</c> prints.</summary>
    public static Replica OfLease(JsonElement lease) => new(
        lease.GetProperty("serviceName").GetString()!, lease.GetProperty("replica").GetInt32(), lease.GetProperty("coeName").GetString()!,
        lease.GetProperty("urls")[0].GetString()!, Status: 0, Answer: "");

    /// <summary>The same with what it answers now.</summary>
    public async Task<Replica> Ask(CancellationToken stop)
    {
        var answer = await HttpProbe.Get(Url, stop);
        return this with { Status = (int?)answer?.Code ?? 0, Answer = answer?.Body.Trim() ?? "no answer" };
    }

    public string Name => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Service}-{Index}");
}
