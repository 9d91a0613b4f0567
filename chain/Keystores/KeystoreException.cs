namespace Dweb.Chain.Keystores;

public enum KeystoreFault
{
    /// <summary>The text is no keystore, or a field is missing or out of range.</summary>
    Malformed,

    /// <summary>A keystore of another version, cipher or key derivation.</summary>
    Unsupported,

    WrongPassword,
}

/// <summary>A keystore that could not be opened. Holds nothing of the key or the password.</summary>
public sealed class KeystoreException(KeystoreFault fault, string reason, Exception? inner = null)
    : Exception($"The keystore cannot be opened: {reason}.", inner)
{
    public KeystoreFault Fault { get; } = fault;
}
