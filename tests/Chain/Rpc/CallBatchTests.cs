using System.Globalization;
using System.Text.Json;
using Dweb.Chain.Rpc;
using Dweb.Core.Protocol;

namespace Dweb.Chain.Tests.Rpc;

public sealed class CallBatchTests
{
    private static readonly EvmAddress Contract = EvmAddress.Parse("0x00000000000000000000000000000000000000aa");
    private readonly CancellationToken cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Calls_are_answered_each_with_its_own_in_as_few_exchanges_as_hold_them()
    {
        var batch = Batch(out var node, static requests => Answers(requests, static request => $"\"result\":\"{request.GetProperty("params")[0].GetProperty("data").GetString()}\""));
        var calls = Enumerable.Range(0, CallBatch.MostOfAnExchange + 1).Select(i => batch.CallAsync(Contract, BitConverter.GetBytes(i), BlockTag.Latest, cancel)).ToList();
        Assert.DoesNotContain(calls, static call => call.IsCompleted);
        await batch.SendAsync(cancel);
        for (int i = 0; i < calls.Count; i++)
        {
            Assert.Equal(BitConverter.GetBytes(i), await calls[i]);
        }

        Assert.Equal(["batch", "batch"], node.Methods);
    }

    [Fact]
    public async Task A_call_that_is_refused_fails_alone()
    {
        var batch = Batch(out _, static requests => Answers(requests, static request =>
            request.GetProperty("id").GetInt32() == 0 ? "\"error\":{\"code\":3,\"message\":\"execution reverted\",\"data\":\"0x\"}" : "\"result\":\"0x01\""));
        var refused = batch.CallAsync(Contract, new byte[4], BlockTag.Latest, cancel);
        var answered = batch.CallAsync(Contract, new byte[4], BlockTag.Latest, cancel);
        await batch.SendAsync(cancel);
        await Assert.ThrowsAsync<CallRevertedException>(() => refused);
        Assert.Equal([1], await answered);
    }

    [Fact]
    public async Task Calls_that_no_node_answered_are_cancelled_and_not_sent_with_the_next()
    {
        var batch = Batch(out var node, ScriptedNode.Refuse, static requests => Answers(requests, static _ => "\"result\":\"0x01\""));
        var lost = batch.CallAsync(Contract, new byte[4], BlockTag.Latest, cancel);
        await Assert.ThrowsAsync<RpcUnavailableException>(() => batch.SendAsync(cancel));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lost);
        var next = batch.CallAsync(Contract, new byte[4], BlockTag.Latest, cancel);
        await batch.SendAsync(cancel);
        Assert.Equal([1], await next);
        Assert.Equal(2, node.Methods.Count);
    }

    private static HttpResponseMessage Answers(JsonElement requests, Func<JsonElement, string> answer) => ScriptedNode.Text(string.Create(
        CultureInfo.InvariantCulture,
        $"[{string.Join(',', requests.EnumerateArray().Select(request => $$"""{"jsonrpc":"2.0","id":{{request.GetProperty("id").GetInt32()}},{{answer(request)}}}"""))}]"))(requests);

    private static CallBatch Batch(out ScriptedNode node, params Func<JsonElement, HttpResponseMessage>[] steps)
    {
        node = new ScriptedNode(steps);
#pragma warning disable CA2000 // It lives as long as the test.
        return new CallBatch(new ChainClient(new JsonRpcClient(new HttpClient(node), new Uri("http://node"), new JsonRpcOptions { ReadAttempts = 1 })));
#pragma warning restore CA2000
    }
}
