using Dweb.Chain.Abi;
using Dweb.Chain.Rpc;
using Dweb.Chain.Transactions;
using Dweb.Functions.Settling;

namespace Dweb.Functions.Tests.Settling;

public sealed class SettlementRefusalTests
{
    [Theory]
    [InlineData("gas required exceeds allowance (30000000)", true)]
    [InlineData("Out of gas: gas required exceeds allowance: 30000000", true)]
    [InlineData("exceeds block gas limit", true)]
    [InlineData("insufficient funds for gas * price + value", false)]
    [InlineData("replacement transaction underpriced", false)]
    [InlineData("nonce too low", false)]
    public void Only_what_lies_in_the_transactions_content_is_its_own_fault(string words, bool own) =>
        Assert.Equal(own ? words : null, SettlementRefusal.ReasonOf(new RpcException("eth_estimateGas", -32_000, words, null)));

    [Fact]
    public void A_revert_is_and_a_node_that_is_away_or_a_transaction_that_is_not_mined_are_not()
    {
        Assert.Contains("because", SettlementRefusal.ReasonOf(new TransactionRevertedException("settle", new RevertMessage("because"), null)), StringComparison.Ordinal);
        Assert.Null(SettlementRefusal.ReasonOf(new RpcUnavailableException(new Uri("http://127.0.0.1:1"), "is away", "wait")));
        Assert.Null(SettlementRefusal.ReasonOf(new TransactionNotConfirmedException("settle", Dweb.Core.Protocol.Hash32.Zero, "no receipt")));
    }
}
