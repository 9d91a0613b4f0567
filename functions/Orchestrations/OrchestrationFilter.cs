using System.Globalization;
using Dweb.Core.Protocol.Errors;
using Dweb.Durable;

namespace Dweb.Functions.Orchestrations;

/// <summary>Reads which orchestrations a request means.</summary>
internal static class OrchestrationFilter
{
    /// <exception cref="DwebException">A value cannot be read.</exception>
    public static OrchestrationQuery Read(IQueryCollection query) => new()
    {
        Name = Text(query, "name"),
        Statuses = Text(query, "status") is { } statuses ? [.. statuses.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Status)] : null,
        InstanceIdPrefix = Text(query, "prefix"),
        CreatedFrom = Time(query, "createdFromMs"),
        CreatedBefore = Time(query, "createdBeforeMs"),
        UpdatedBefore = Time(query, "updatedBeforeMs"),
    };

    private static string? Text(IQueryCollection query, string name) => query[name].ToString() is { Length: > 0 } text ? text : null;

    private static OrchestrationStatus Status(string text) =>
        Enum.TryParse<OrchestrationStatus>(text, ignoreCase: true, out var status) && Enum.IsDefined(status) && !char.IsAsciiDigit(text[0])
            ? status
            : throw new DwebException(Catalogue.InvalidValue, $"There is no status '{text}'; there are {string.Join(", ", Enum.GetNames<OrchestrationStatus>())}.", "status");

    private static DateTimeOffset? Time(IQueryCollection query, string name)
    {
        if (Text(query, name) is not { } text)
        {
            return null;
        }

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long ms) && ms <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? DateTimeOffset.FromUnixTimeMilliseconds(ms)
            : throw new DwebException(Catalogue.InvalidValue, $"{name} is '{text}'; it must be Unix milliseconds.", name);
    }
}
