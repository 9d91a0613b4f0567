using System.Runtime.CompilerServices;
using Dweb.Chain.Abi;
using Dweb.Chain.Contracts;
using Dweb.Cli.Errors;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Cli.Tests.Errors;

public sealed class ContractErrorSentencesTests
{
    public static TheoryData<Type> Errors =>
        [.. typeof(ContractErrors).GetNestedTypes().Where(static type => type.IsAssignableTo(typeof(ContractError)))];

    [Theory]
    [MemberData(nameof(Errors))]
    public void Every_refusal_of_every_contract_has_a_sentence(Type error)
    {
        var (_, sentence) = ContractErrorSentences.Translate((ContractError)RuntimeHelpers.GetUninitializedObject(error));

        Assert.DoesNotContain(error.Name, sentence, StringComparison.Ordinal);
        Assert.EndsWith(".", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sentence_has_the_values_that_explain_it()
    {
        var user = EvmAddress.Parse("0x70997970C51812dc3A010C7d01b50e0d17dc79C8");
        var (error, sentence) = ContractErrorSentences.Translate(new ContractErrors.FreeBalanceTooLow(user, Amount.Parse("1.5"), Amount.Parse("1000")));

        Assert.Equal(Catalogue.InsufficientBalance, error);
        Assert.Equal($"{user} has 1.5 DWEB free in escrow; 1,000 DWEB are needed.", sentence);
    }

    [Fact]
    public void States_of_proposals_are_told_in_words()
    {
        var passed = new Hash32([.. new byte[31], 0b0001_0000]);
        var (error, sentence) = ContractErrorSentences.Translate(new ContractErrors.GovernorUnexpectedProposalState(5, 1, passed));

        Assert.Equal(Catalogue.OrderConflict, error);
        Assert.EndsWith("05 is open for votes; that needs it passed, to be queued.", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refusal_of_a_stranger_is_shown_raw()
    {
        var (error, sentence) = ContractErrorSentences.Translate(new UnknownRevert([0xde, 0xad, 0xbe, 0xef]));

        Assert.Equal(Catalogue.ContractReverted, error);
        Assert.Contains("deadbeef", sentence, StringComparison.Ordinal);
    }
}
