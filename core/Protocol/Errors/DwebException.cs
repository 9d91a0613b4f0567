namespace Dweb.Core.Protocol.Errors;

/// <summary>A refusal with an entry of the catalogue. Its message is one sentence with the values that explain it.</summary>
/// <param name="field">Path of the value at fault, as <c>order.services[0].replicas</c> or <c>compose.yaml:12</c>.</param>
public sealed class DwebException(ErrorCode error, string message, string? field = null, Exception? inner = null) : Exception(message, inner)
{
    public ErrorCode Error { get; } = error;

    public string? Field { get; } = field;
}
