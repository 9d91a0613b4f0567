using System.Net;
using System.Net.Sockets;
using Dweb.Chain.Rpc;

namespace Dweb.Chain.Tests.Rpc;

public sealed class JsonRpcClientTests(Anvil anvil)
{
    private static readonly JsonRpcOptions Quick = new() { RetryDelay = TimeSpan.FromMilliseconds(1) };

    private readonly CancellationToken cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_batch_answers_in_order_with_a_typed_error_in_its_place()
    {
        var rpc = anvil.Client().Rpc;
        var answers = await rpc.SendBatchAsync(
            [new RpcRequest("eth_chainId"), new RpcRequest("eth_noSuchMethod"), new RpcRequest("eth_getBlockByNumber", "0x0", false)], cancel);

        Assert.Equal("0x7a69", answers[0].Unwrap().GetString());
        Assert.Equal(-32601, Assert.Throws<RpcException>(() => answers[1].Unwrap()).Code);
        Assert.Equal("0x0", answers[2].Unwrap().GetProperty("number").GetString());
        Assert.Empty(await rpc.SendBatchAsync([], cancel));
    }

    [Fact]
    public async Task Answers_of_a_batch_are_matched_by_id_and_none_may_be_missing()
    {
        const string Swapped = """[{"jsonrpc":"2.0","id":1,"result":"b"},{"jsonrpc":"2.0","id":0,"result":"a"}]""";
        var answers = await Client(out _, ScriptedNode.Text(Swapped)).SendBatchAsync([new("eth_chainId"), new("eth_gasPrice")], cancel);
        Assert.Equal(["a", "b"], answers.Select(a => a.Unwrap().GetString()));

        const string Missing = """[{"jsonrpc":"2.0","id":1,"result":"b"}]""";
        await Assert.ThrowsAsync<RpcUnavailableException>(
            () => Client(out _, ScriptedNode.Text(Missing)).SendBatchAsync([new("eth_chainId"), new("eth_gasPrice")], cancel));
    }

    [Fact]
    public async Task A_connection_that_ends_as_it_is_made_is_tried_again()
    {
        var client = Client(out _, ScriptedNode.Drop, ScriptedNode.Result("\"0x1\""));
        Assert.Equal("0x1", (await client.SendAsync(new RpcRequest("eth_chainId"), cancel)).GetString());
    }

    [Fact]
    public async Task Reads_are_tried_again_and_writes_are_not()
    {
        var reader = Client(out var reads, ScriptedNode.Refuse, ScriptedNode.Text("busy", HttpStatusCode.ServiceUnavailable), ScriptedNode.Result("\"0x1\""));
        Assert.Equal("0x1", (await reader.SendAsync(new RpcRequest("eth_chainId"), cancel)).GetString());
        Assert.Equal(3, reads.Methods.Count);

        var writer = Client(out var writes, ScriptedNode.Refuse);
        await Assert.ThrowsAsync<RpcUnavailableException>(() => writer.SendAsync(new RpcRequest("eth_sendRawTransaction", "0x"), cancel));
        Assert.Single(writes.Methods);
    }

    [Fact]
    public async Task A_node_that_is_not_there_is_named_with_what_to_do_and_without_its_key()
    {
        int port;
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            port = ((IPEndPoint)listener.LocalEndpoint).Port;
        }

        var rpc = new JsonRpcClient(anvil.Http, new Uri($"http://127.0.0.1:{port}/v3/secret-key"), Quick);
        var failure = await Assert.ThrowsAsync<RpcUnavailableException>(() => rpc.SendAsync(new RpcRequest("eth_chainId"), cancel));
        Assert.Equal($"http://127.0.0.1:{port}", failure.Endpoint);
        Assert.NotEmpty(failure.Hint);
        Assert.DoesNotContain("secret-key", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_does_not_answer_is_given_up_on_and_a_caller_that_cancels_is_told_so()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var endpoint = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        var rpc = new JsonRpcClient(anvil.Http, endpoint, Quick with { Timeout = TimeSpan.FromMilliseconds(50), ReadAttempts = 1 });
        var failure = await Assert.ThrowsAsync<RpcUnavailableException>(() => rpc.SendAsync(new RpcRequest("eth_chainId"), cancel));
        Assert.Contains("did not answer", failure.What, StringComparison.Ordinal);

        using var stopped = new CancellationTokenSource();
        await stopped.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rpc.SendAsync(new RpcRequest("eth_chainId"), stopped.Token));
    }

    [Theory]
    [InlineData("<html>")]
    [InlineData("{}")]
    [InlineData("3")]
    [InlineData("""{"jsonrpc":"2.0","id":1}""")]
    public async Task An_answer_that_is_not_JSON_RPC_is_said_to_be_none(string body)
    {
        var failure = await Assert.ThrowsAsync<RpcUnavailableException>(
            () => Client(out _, ScriptedNode.Text(body)).SendAsync(new RpcRequest("eth_chainId"), cancel));
        Assert.Contains("not JSON-RPC", failure.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_of_the_node_is_typed_even_under_an_HTTP_error()
    {
        const string Error = """{"jsonrpc":"2.0","id":1,"error":{"code":-32005,"message":"limit exceeded","data":{"wait":1}}}""";
        var failure = await Assert.ThrowsAsync<RpcException>(() => Client(out _, ScriptedNode.Text(Error, HttpStatusCode.TooManyRequests))
            .SendAsync(new RpcRequest("eth_chainId"), cancel));
        Assert.Equal((-32005, "limit exceeded"), (failure.Code, failure.NodeMessage));
        Assert.Equal(1, failure.ErrorData!.Value.GetProperty("wait").GetInt32());
    }

    [Fact]
    public async Task An_answer_beyond_the_limit_is_refused()
    {
        using var http = new HttpClient(new ScriptedNode(ScriptedNode.Result('"' + new string('a', 5000) + '"')));
        var rpc = new JsonRpcClient(http, new Uri("http://node"), Quick with { MaxResponseBytes = 1000, ReadAttempts = 1 });
        await Assert.ThrowsAsync<RpcUnavailableException>(() => rpc.SendAsync(new RpcRequest("eth_chainId"), cancel));
    }

    [Fact]
    public async Task The_chain_reads_heads_balances_code_and_prices()
    {
        var chain = anvil.Client();
        var key = await anvil.TakeKeyAsync(cancel);
        Assert.Equal(31337UL, await chain.GetChainIdAsync(cancel));
        var head = await chain.GetHeadAsync(cancel);
        Assert.Equal(head, await chain.GetBlockAsync(BlockTag.Hash(head.Hash), cancel));
        Assert.Equal(head, await chain.GetBlockAsync(BlockTag.Number(head.Number), cancel));
        Assert.Null(await chain.GetBlockAsync(BlockTag.Number(head.Number + 1_000_000), cancel));
        Assert.True((await chain.GetBlockAsync(BlockTag.Safe, cancel))!.Number <= (await chain.GetHeadAsync(cancel)).Number);
        Assert.Equal(System.Numerics.BigInteger.Pow(10, 20), await chain.GetBalanceAsync(key.Address, BlockTag.Latest, cancel));
        Assert.Empty(await chain.GetCodeAsync(key.Address, BlockTag.Latest, cancel));
        Assert.True(await chain.GetGasPriceAsync(cancel) > 0);
        Assert.Null(await chain.GetReceiptAsync(Dweb.Core.Protocol.Keccak256.Hash("nothing"), cancel));
    }

    private static JsonRpcClient Client(out ScriptedNode node, params Func<System.Text.Json.JsonElement, HttpResponseMessage>[] steps)
    {
        node = new ScriptedNode(steps);
        return new JsonRpcClient(new HttpClient(node), new Uri("http://node"), Quick);
    }
}
