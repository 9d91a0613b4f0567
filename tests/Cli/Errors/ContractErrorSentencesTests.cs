using System.Runtime.CompilerServices;
using Dweb.Chain.Abi;
using Dweb.Chain.Contracts;
using Dweb.Cli.Errors;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Cli.Tests.Errors;

public sealed class ContractErrorSentencesTests
{
    // What only a deployment, a governor or a fault of the contracts could meet; its name says all there is to say.
    private static readonly string[] ByNameOnly =
    [
        "ERC721", "SafeCast", "ERC20Invalid", "ECDSA", "Ownable", "SafeERC20", "Reentrancy", "InvalidShortString", "StringTooLong", "FailedCall", "AddressEmptyCode", "InvalidAccountNonce",
        "NotABook", "NotARegistry", "NotTaken", "NotTheShares", "BondNotWhole", "BookDelayTooShort", "ParameterZero", "QuorumOutOfRangeUint256Uint8", "MemberZeroOrDouble", "ERC20ExceededSafeSupply", "ERC6372", "ERC5805",
        "StringsInsufficientHexLength", "CheckpointUnordered", "GovernorDisabledDeposit", "GovernorProposalQueueing", "GovernorInvalidVotingPeriod", "GovernorInvalidQuorumFraction",
        "TimelockInvalidOperationLength", "AccessControlBadConfirmation",
        "SignersNotAscending",
    ];

    public static TheoryData<Type> Errors =>
        [.. typeof(ContractErrors).GetNestedTypes().Where(static type => type.IsAssignableTo(typeof(ContractError)) && !ByNameOnly.Any(type.Name.StartsWith))];

    [Theory]
    [MemberData(nameof(Errors))]
    public void Every_refusal_that_a_person_can_meet_has_a_sentence(Type error)
    {
        var (entry, sentence) = ContractErrorSentences.Translate((ContractError)RuntimeHelpers.GetUninitializedObject(error));

        Assert.NotEqual(Catalogue.ContractReverted, entry);
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
    public void A_refusal_of_a_stranger_is_shown_raw()
    {
        var (error, sentence) = ContractErrorSentences.Translate(new UnknownRevert([0xde, 0xad, 0xbe, 0xef]));

        Assert.Equal(Catalogue.ContractReverted, error);
        Assert.Contains("deadbeef", sentence, StringComparison.Ordinal);
    }
}
