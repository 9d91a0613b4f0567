using System.Text.Json.Serialization;

namespace Dweb.Core.Protocol.Errors;

/// <summary>An RFC 9457 problem document, <c>application/problem+json</c>.</summary>
/// <param name="Detail">One sentence with the values that explain it.</param>
/// <param name="Field">Path of the value at fault.</param>
/// <param name="Hint">What to do next.</param>
public sealed record Problem(
    string Type,
    string Title,
    int Status,
    string? Detail,
    string Code,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Field = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Hint = null)
{
    public const string ContentType = "application/problem+json";

    public static Problem From(DwebException refusal) => new(
        refusal.Error.TypeUri, refusal.Error.Title, refusal.Error.HttpStatus, refusal.Message, refusal.Error.Code, refusal.Field, refusal.Error.Hint);
}
