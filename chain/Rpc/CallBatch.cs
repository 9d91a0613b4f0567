using System.Text.Json.Nodes;
using Dweb.Chain.Contracts;
using Dweb.Core.Protocol;

namespace Dweb.Chain.Rpc;

/// <summary>
/// Gathers view calls of bindings and sends them together. What a call returns completes with <see cref="SendAsync"/>: wait for that first, then for the calls.
/// For one caller at a time.
/// </summary>
public sealed class CallBatch(ChainClient chain) : IContractReader
{
    /// <summary>Calls of one HTTP exchange; many nodes take no more.</summary>
    public const int MostOfAnExchange = 100;

    private readonly List<(RpcRequest Request, TaskCompletionSource<byte[]> Answer)> calls = [];

    public Task<byte[]> CallAsync(EvmAddress to, ReadOnlyMemory<byte> data, BlockTag at, CancellationToken cancellationToken)
    {
        var call = new JsonObject { ["to"] = to.ToString(), ["data"] = Quantity.FormatData(data.Span) };
        var answer = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        calls.Add((new RpcRequest("eth_call", call, at.ToJson()), answer));
        return answer.Task;
    }

    /// <summary>Sends what was gathered since the last time, in as few exchanges as hold it. A call that the node refuses fails alone.</summary>
    /// <exception cref="RpcUnavailableException">The node does not answer; calls that were not answered are cancelled.</exception>
    public async Task SendAsync(CancellationToken cancellationToken)
    {
        var sent = calls.ToList();
        calls.Clear();
        try
        {
            foreach (var some in sent.Chunk(MostOfAnExchange))
            {
                var answers = await chain.Rpc.SendBatchAsync([.. some.Select(static call => call.Request)], cancellationToken);
                foreach (var (call, answer) in some.Zip(answers))
                {
                    Answer(call.Answer, answer);
                }
            }
        }
        finally
        {
            foreach (var (_, answer) in sent)
            {
                answer.TrySetCanceled(CancellationToken.None);
            }
        }
    }

    private void Answer(TaskCompletionSource<byte[]> call, RpcResponse answer)
    {
        if (answer.Error is { } refused)
        {
            call.SetException(chain.Explain(refused));
        }
        else
        {
            call.SetResult(answer.Result.ReadData());
        }
    }
}
