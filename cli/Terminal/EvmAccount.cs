using Dweb.Core.Protocol;

namespace Dweb.Cli.Terminal;

/// <summary>A wallet as people see it.</summary>
internal sealed record EvmAccount(string Name, EvmAddress Address);
