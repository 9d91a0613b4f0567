using Dweb.Core.Protocol;

namespace Dweb.Chain.Signing;

/// <summary>Something that can sign for one address: a key in memory today, a remote signer behind the same seam.</summary>
public interface ISigner
{
    EvmAddress Address { get; }

    /// <summary>Signs the 32 bytes as they are: the caller has already applied EIP-191 or EIP-712.</summary>
    EvmSignature Sign(Hash32 digest);
}
