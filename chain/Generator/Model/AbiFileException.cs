namespace Dweb.Chain.Generator;

/// <summary>An ABI file that cannot be turned into bindings; becomes a compiler error that names the file.</summary>
internal sealed class AbiFileException(string message) : Exception(message);
