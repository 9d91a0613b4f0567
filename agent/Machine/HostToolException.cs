namespace Dweb.Agent.Machine;

/// <summary>The host did not do what isolation needs; the message says what was tried and what was answered.</summary>
internal sealed class HostToolException(string program, string message, Exception? inner = null) : Exception(message, inner)
{
    public string Program { get; } = program;
}
