using Dweb.Chain.Rpc;

namespace Dweb.Agent.Trust;

/// <summary>The agent's own chain nodes: the first that answers is asked, the next when it does not.</summary>
internal sealed class ChainNodes(IReadOnlyList<ChainClient> nodes)
{
    public static ChainNodes Over(HttpClient http, IEnumerable<Uri> urls, TimeProvider time) =>
        new([.. urls.Select(url => new ChainClient(new JsonRpcClient(http, url, time: time)))]);

    public IReadOnlyList<ChainClient> All => nodes;

    /// <exception cref="RpcUnavailableException">No node answers; that of the last one.</exception>
    public async Task<T> AskAsync<T>(Func<ChainClient, Task<T>> question)
    {
        for (int i = 0; ; i++)
        {
            try
            {
                return await question(nodes[i]);
            }
            catch (RpcUnavailableException) when (i + 1 < nodes.Count)
            {
                // The next node is asked.
            }
        }
    }
}
