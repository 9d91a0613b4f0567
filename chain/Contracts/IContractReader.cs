using Dweb.Chain.Rpc;
using Dweb.Core.Protocol;

namespace Dweb.Chain.Contracts;

/// <summary>What generated bindings need to read a contract.</summary>
public interface IContractReader
{
    /// <summary>Runs a view function and returns its encoded outputs.</summary>
    /// <exception cref="CallRevertedException">The contract reverted.</exception>
    Task<byte[]> CallAsync(EvmAddress to, ReadOnlyMemory<byte> data, BlockTag at, CancellationToken cancellationToken);
}
