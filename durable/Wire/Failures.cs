namespace Dweb.Durable.Wire;

/// <summary>Failure details to the wire and back.</summary>
internal static class Failures
{
    public static WireFailure ToWire(FailureDetails failure)
    {
        var wire = new WireFailure
        {
            ErrorType = failure.ErrorType,
            ErrorMessage = failure.Message,
            StackTrace = failure.StackTrace,
            IsNonRetriable = failure.IsNonRetriable,
        };
        if (failure.Inner is { } inner)
        {
            wire.InnerFailure = ToWire(inner);
        }
        return wire;
    }

    public static FailureDetails FromWire(WireFailure? wire) => wire is null
        ? new FailureDetails("Unknown", "The failure came without details.")
        : new FailureDetails(wire.ErrorType, wire.ErrorMessage, wire.StackTrace, wire.InnerFailure is null ? null : FromWire(wire.InnerFailure), wire.IsNonRetriable);
}
