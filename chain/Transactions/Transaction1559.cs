using System.Numerics;
using Dweb.Chain.Rlp;
using Dweb.Chain.Signing;
using Dweb.Core.Protocol;

namespace Dweb.Chain.Transactions;

/// <summary>A transaction of type 2 (EIP-1559) without an access list. Fees are wei per gas.</summary>
public sealed record Transaction1559
{
    private const byte TransactionType = 2;

    public required ulong ChainId { get; init; }

    public required ulong Nonce { get; init; }

    public required BigInteger MaxPriorityFeePerGas { get; init; }

    public required BigInteger MaxFeePerGas { get; init; }

    public required ulong GasLimit { get; init; }

    /// <summary>Null creates a contract.</summary>
    public required EvmAddress? To { get; init; }

    public BigInteger Value { get; init; } = BigInteger.Zero;

    public byte[] Data { get; init; } = [];

    /// <summary>What the key signs.</summary>
    public Hash32 SigningHash() => Keccak256.Hash(Encode(Fields()));

    public SignedTransaction Sign(ISigner signer) => WithSignature(signer.Sign(SigningHash()));

    /// <summary>The bytes for the node, and the hash by which the chain will know the transaction.</summary>
    public SignedTransaction WithSignature(EvmSignature signature)
    {
        byte[] raw = Encode(
            [.. Fields(), RlpCodec.Integer(signature.V - 27), Scalar(signature.R), Scalar(signature.S)]);
        return new SignedTransaction(raw, Keccak256.Hash(raw), Nonce, this);
    }

    private List<RlpItem> Fields() =>
    [
        RlpCodec.Integer(ChainId),
        RlpCodec.Integer(Nonce),
        RlpCodec.Integer(MaxPriorityFeePerGas),
        RlpCodec.Integer(MaxFeePerGas),
        RlpCodec.Integer(GasLimit),
        To is { } to ? to.ToArray() : Array.Empty<byte>(),
        RlpCodec.Integer(Value),
        Data,
        new RlpList(),
    ];

    private static byte[] Encode(IReadOnlyList<RlpItem> fields) => [TransactionType, .. RlpCodec.Encode(new RlpList(fields))];

    private static RlpItem Scalar(Hash32 value) => RlpCodec.Integer(new BigInteger(value.ToArray(), isUnsigned: true, isBigEndian: true));
}

/// <summary>Bytes that <c>eth_sendRawTransaction</c> takes; sending them twice has the effect of sending them once.</summary>
/// <param name="Content">What was signed.</param>
public sealed record SignedTransaction(byte[] Raw, Hash32 Hash, ulong Nonce, Transaction1559 Content);
