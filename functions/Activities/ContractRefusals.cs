using Dweb.Chain.Abi;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Functions.Activities;

/// <summary>A contract's custom error as an entry of the catalogue.</summary>
internal static class ContractRefusals
{
    public static DwebException Translate(ContractError error) => new(CodeOf(error), $"The chain refused: {error}");

    /// <summary>The plan was right when it was made, and took too long: another may do.</summary>
    public static bool IsOutOfDate(ContractError error) => error.ErrorName is "PlanExpired" or "WrongEpoch";

    private static ErrorCode CodeOf(ContractError error) => error.ErrorName switch
    {
        "OrderExpired" => Catalogue.OrderExpired,
        "OrderCancelledAlready" or "OrderFromOldEpoch" => Catalogue.OrderCancelled,
        "SignerMismatch" => Catalogue.SignatureMismatch,
        "OrderMalformed" or "ServicesMismatch" or "OrderMismatch" => Catalogue.InvalidValue,
        "FreeBalanceTooLow" => Catalogue.InsufficientBalance,
        "OpeningsStopped" => Catalogue.OpeningsStopped,
        "PlanExpired" or "PlanTooFarAhead" or "EntriesMismatch" or "WrongEpoch" or "QuorumMissed" or "NotAMember" or "SignersNotAscending" => Catalogue.PlanRefused,
        _ => Catalogue.ContractReverted,
    };
}
