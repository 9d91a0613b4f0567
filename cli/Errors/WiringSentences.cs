using Dweb.Chain.Abi;
using Dweb.Core.Protocol.Errors;
using static Dweb.Chain.Contracts.ContractErrors;

namespace Dweb.Cli.Errors;

/// <summary>Refusals that a deployment, a governor's mistake or a malformed signature meets.</summary>
internal static class WiringSentences
{
    public static (ErrorCode, string)? Find(ContractError error) => OfDeployments(error) ?? OfCommittees(error) ?? OfSignatures(error) ?? OfCalls(error);

    private static (ErrorCode, string)? OfDeployments(ContractError error) => error switch
    {
        NotABook e => (Catalogue.Forbidden, $"Only a lease book may do that, not {e.Caller}."),
        NotARegistry e => (Catalogue.Forbidden, $"Only a registry may do that, not {e.Caller}."),
        NotTheShares e => (Catalogue.Forbidden, $"Only the shares of the DAO may do that, not {e.Caller}."),
        NotTaken e => (Catalogue.WrongContract, $"The lease book holds less of COE {e.Coe} than it gives back."),
        BondNotWhole e => (Catalogue.InvalidValue, $"A bond of {e.Bond} wei is not a whole number of gwei."),
        BookDelayTooShort e => (Catalogue.InvalidValue, $"A delay of {e.BookDelay} seconds for lease books must be longer than {e.LongerThan}, the time of unbonding."),
        UnbondingTooShort e => (Catalogue.InvalidValue, $"Stake would be out after {e.Unbonding} seconds; a lease is judged for up to {e.LongerThan}, so it has to take longer."),
        ModuleForAnotherBook e => (Catalogue.WrongContract, $"The module at {e.Module} was made for another lease book."),
        CalledDirectly => (Catalogue.WrongContract, "A module of a lease book is called through its book only."),
        ParameterZero => (Catalogue.InvalidValue, "A parameter that has to be more than zero is zero."),
        _ => null,
    };

    private static (ErrorCode, string)? OfCommittees(ContractError error) => error switch
    {
        QuorumOutOfRangeUint256Uint8 e => (Catalogue.InvalidValue, $"A quorum of {e.Quorum} does not fit a committee of {e.Members}: it is 1 to half of the members, rounded up."),
        MemberZeroOrDouble e => (Catalogue.InvalidValue, $"The member {e.Member} is zero or named twice."),
        SignersNotAscending => (Catalogue.PlanRefused, "The signatures are not in the order of their signers' addresses, or a signer signed twice."),
        _ => null,
    };

    private static (ErrorCode, string)? OfSignatures(ContractError error) => error switch
    {
        ECDSAInvalidSignature => (Catalogue.SignatureMismatch, "The signature is nobody's."),
        ECDSAInvalidSignatureLength e => (Catalogue.SignatureMismatch, $"A signature has 65 bytes, not {e.Length}."),
        ECDSAInvalidSignatureS e => (Catalogue.SignatureMismatch, $"The signature is not in its one form: its second half, {e.S}, is too large."),
        _ => null,
    };

    private static (ErrorCode, string)? OfCalls(ContractError error) => error switch
    {
        FailedCall => (Catalogue.ContractReverted, "A call of the contract to another failed without a reason."),
        AddressEmptyCode e => (Catalogue.WrongContract, $"There is no contract at {e.Target}."),
        ReentrancyGuardReentrantCall => (Catalogue.ContractReverted, "The contract was called again before it was done."),
        SafeCastOverflowedUintDowncast e => (Catalogue.InvalidValue, $"{e.Value} is more than fits {e.Bits} bits."),
        ReservationTooWide => (Catalogue.InvalidValue, "A reservation is more than a COE can have."),
        StringTooLong e => (Catalogue.InvalidValue, $"The text '{e.Str}' is longer than 31 bytes."),
        InvalidShortString => (Catalogue.WrongContract, "A text kept by the contract cannot be read."),
        StringsInsufficientHexLength e => (Catalogue.InvalidValue, $"{e.Value} does not fit {e.Length} hexadecimal digits."),
        _ => null,
    };
}
