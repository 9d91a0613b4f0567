namespace Dweb.Chain.Abi;

/// <summary>A type, value or byte string that does not follow the contract ABI. The message says which and where.</summary>
public sealed class AbiException(string message) : Exception(message);
