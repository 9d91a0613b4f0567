using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dweb.Chain.Abi;
using Dweb.Chain.Contracts;
using Dweb.Chain.Transactions;
using Dweb.Core.Protocol;

namespace Dweb.Chain.Rpc;

/// <summary>
/// The chain as the system reads it. Every method throws <see cref="RpcUnavailableException"/> when the node cannot be
/// reached and <see cref="RpcException"/> when it answers with an error that is not a revert.
/// </summary>
public sealed class ChainClient : IContractReader
{
    private readonly Func<ReadOnlyMemory<byte>, ContractError> decodeError;
    private ulong? chainId;

    /// <param name="decodeError">How revert data is read; the errors of the system's own contracts when left out.</param>
    public ChainClient(JsonRpcClient rpc, Func<ReadOnlyMemory<byte>, ContractError>? decodeError = null)
    {
        Rpc = rpc;
        this.decodeError = decodeError ?? ContractErrors.Decode;
    }

    public JsonRpcClient Rpc { get; }

    /// <summary>Asked once; a node does not change its chain.</summary>
    public async Task<ulong> GetChainIdAsync(CancellationToken cancellationToken) =>
        chainId ??= (await Rpc.SendAsync(new RpcRequest("eth_chainId"), cancellationToken)).ReadUInt64();

    /// <returns>Null when the node has no such block.</returns>
    public async Task<BlockHead?> GetBlockAsync(BlockTag at, CancellationToken cancellationToken)
    {
        var request = at.BlockHash is { } hash
            ? new RpcRequest("eth_getBlockByHash", hash.ToString(), false)
            : new RpcRequest("eth_getBlockByNumber", at.ToJson(), false);
        var block = await Rpc.SendAsync(request, cancellationToken);
        return block.ValueKind == JsonValueKind.Null ? null : ChainJson.ReadHead(block);
    }

    /// <summary>The newest block.</summary>
    public async Task<BlockHead> GetHeadAsync(CancellationToken cancellationToken) =>
        await GetBlockAsync(BlockTag.Latest, cancellationToken) ?? throw new JsonException("The node has no latest block.");

    /// <exception cref="CallRevertedException">The contract reverted.</exception>
    public Task<byte[]> CallAsync(EvmAddress to, ReadOnlyMemory<byte> data, BlockTag at, CancellationToken cancellationToken) =>
        CallAsync(new JsonObject { ["to"] = to.ToString(), ["data"] = Quantity.FormatData(data.Span) }, at, cancellationToken);

    /// <summary>Runs a state-changing call as <paramref name="from"/> would, and discards its effects.</summary>
    /// <exception cref="CallRevertedException">The contract reverted.</exception>
    public Task<byte[]> SimulateAsync(ContractCall call, EvmAddress from, BlockTag at, CancellationToken cancellationToken) =>
        SimulateAsync(Intent(call), from, at, cancellationToken);

    /// <returns>Gas units without a margin.</returns>
    /// <exception cref="CallRevertedException">The contract would revert.</exception>
    public Task<ulong> EstimateGasAsync(ContractCall call, EvmAddress from, CancellationToken cancellationToken) =>
        EstimateGasAsync(Intent(call), from, cancellationToken);

    public async Task<IReadOnlyList<ChainLog>> GetLogsAsync(LogFilter filter, CancellationToken cancellationToken)
    {
        var logs = await Rpc.SendAsync(new RpcRequest("eth_getLogs", ChainJson.WriteFilter(filter)), cancellationToken);
        return [.. logs.EnumerateArray().Select(ChainJson.ReadLog)];
    }

    /// <returns>Wei of the chain's own coin.</returns>
    public async Task<BigInteger> GetBalanceAsync(EvmAddress address, BlockTag at, CancellationToken cancellationToken) =>
        (await Rpc.SendAsync(new RpcRequest("eth_getBalance", address.ToString(), at.ToJson()), cancellationToken)).ReadNumber();

    /// <returns>Empty for an address without a contract.</returns>
    public async Task<byte[]> GetCodeAsync(EvmAddress address, BlockTag at, CancellationToken cancellationToken) =>
        (await Rpc.SendAsync(new RpcRequest("eth_getCode", address.ToString(), at.ToJson()), cancellationToken)).ReadData();

    /// <returns>The next nonce of an address in that state.</returns>
    public async Task<ulong> GetTransactionCountAsync(EvmAddress address, BlockTag at, CancellationToken cancellationToken) =>
        (await Rpc.SendAsync(new RpcRequest("eth_getTransactionCount", address.ToString(), at.ToJson()), cancellationToken)).ReadUInt64();

    /// <returns>Null while the transaction is in no block.</returns>
    public async Task<TransactionReceipt?> GetReceiptAsync(Hash32 transaction, CancellationToken cancellationToken)
    {
        var receipt = await Rpc.SendAsync(new RpcRequest("eth_getTransactionReceipt", transaction.ToString()), cancellationToken);
        return receipt.ValueKind == JsonValueKind.Null ? null : ChainJson.ReadReceipt(receipt);
    }

    /// <summary>True when the node holds the transaction, in a block or waiting.</summary>
    public async Task<bool> KnowsTransactionAsync(Hash32 transaction, CancellationToken cancellationToken) =>
        (await Rpc.SendAsync(new RpcRequest("eth_getTransactionByHash", transaction.ToString()), cancellationToken)).ValueKind != JsonValueKind.Null;

    /// <returns>Wei per gas.</returns>
    public async Task<BigInteger> GetGasPriceAsync(CancellationToken cancellationToken) =>
        (await Rpc.SendAsync(new RpcRequest("eth_gasPrice"), cancellationToken)).ReadNumber();

    /// <returns>Wei per gas on top of the base fee.</returns>
    public async Task<BigInteger> GetPriorityFeeAsync(CancellationToken cancellationToken) =>
        (await Rpc.SendAsync(new RpcRequest("eth_maxPriorityFeePerGas"), cancellationToken)).ReadNumber();

    /// <returns>What the contract said where the node's refusal is a revert, or else the refusal itself.</returns>
    internal Exception Explain(RpcException refused) => TryReadRevert(refused, out byte[] data) ? new CallRevertedException(decodeError(data)) : refused;

    internal Task<byte[]> SimulateAsync(TransactionIntent intent, EvmAddress from, BlockTag at, CancellationToken cancellationToken) =>
        CallAsync(Describe(intent, from), at, cancellationToken);

    internal async Task<ulong> EstimateGasAsync(TransactionIntent intent, EvmAddress from, CancellationToken cancellationToken) =>
        (await SendRevertibleAsync(new RpcRequest("eth_estimateGas", Describe(intent, from)), cancellationToken)).ReadUInt64();

    private async Task<byte[]> CallAsync(JsonObject call, BlockTag at, CancellationToken cancellationToken) =>
        (await SendRevertibleAsync(new RpcRequest("eth_call", call, at.ToJson()), cancellationToken)).ReadData();

    private async Task<JsonElement> SendRevertibleAsync(RpcRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await Rpc.SendAsync(request, cancellationToken);
        }
        catch (RpcException error) when (TryReadRevert(error, out _))
        {
            throw Explain(error);
        }
    }

    private static bool TryReadRevert(RpcException error, out byte[] data)
    {
        data = error.ErrorData is { ValueKind: JsonValueKind.String } hex && hex.GetString()!.StartsWith("0x", StringComparison.Ordinal) ? hex.ReadData() : [];
        return error.Code == 3 || error.NodeMessage.Contains("revert", StringComparison.OrdinalIgnoreCase);
    }

    private static TransactionIntent Intent(ContractCall call) => new(call.To, call.Data, call.Value, call.Function);

    private static JsonObject Describe(TransactionIntent intent, EvmAddress from)
    {
        var json = new JsonObject
        {
            ["from"] = from.ToString(),
            ["data"] = Quantity.FormatData(intent.Data),
            ["value"] = Quantity.Format(intent.Value),
        };
        if (intent.To is { } to)
        {
            json["to"] = to.ToString();
        }

        return json;
    }
}
