using Dweb.Chain.Abi;
using Dweb.Core.Protocol.Errors;
using static Dweb.Chain.Contracts.ContractErrors;
using static Dweb.Cli.Errors.SentenceValues;

namespace Dweb.Cli.Errors;

/// <summary>Refusals of the token and of NFTs as such, whatever they stand for.</summary>
internal static class TokenSentences
{
    public static (ErrorCode, string)? Find(ContractError error) => OfTokens(error) ?? OfNfts(error);

    private static (ErrorCode, string)? OfTokens(ContractError error) => error switch
    {
        ERC20InvalidReceiver e => (Catalogue.InvalidValue, $"{e.Receiver} cannot receive tokens."),
        ERC20InvalidSender e => (Catalogue.InvalidValue, $"{e.Sender} cannot send tokens."),
        ERC20InvalidApprover e => (Catalogue.InvalidValue, $"{e.Approver} cannot let others take tokens."),
        ERC20InvalidSpender e => (Catalogue.InvalidValue, $"{e.Spender} cannot be let take tokens."),
        ERC20ExceededSafeSupply e => (Catalogue.InvalidValue, $"A supply of {Tokens(e.IncreasedSupply)} would be above {Tokens(e.Cap)}, the most."),
        SafeERC20FailedOperation e => (Catalogue.ContractReverted, $"The token {e.Token} refused to move."),
        InvalidAccountNonce e => (Catalogue.SignatureMismatch, $"The signature of {e.Account} was used, or is not of nonce {e.CurrentNonce}, which is next."),
        _ => null,
    };

    private static (ErrorCode, string)? OfNfts(ContractError error) => error switch
    {
        ERC721NonexistentToken e => (Catalogue.NotFound, $"There is no token {e.TokenId}."),
        ERC721IncorrectOwner e => (Catalogue.Forbidden, $"Token {e.TokenId} is of {e.Owner}, not of {e.Sender}."),
        ERC721InsufficientApproval e => (Catalogue.Forbidden, $"{e.Operator} may not move token {e.TokenId}."),
        ERC721InvalidOwner e => (Catalogue.InvalidValue, $"{e.Owner} cannot own a token."),
        ERC721InvalidReceiver e => (Catalogue.InvalidValue, $"{e.Receiver} cannot receive a token."),
        ERC721InvalidSender e => (Catalogue.InvalidValue, $"{e.Sender} cannot send a token."),
        ERC721InvalidApprover e => (Catalogue.Forbidden, $"{e.Approver} may not let others move the token."),
        ERC721InvalidOperator e => (Catalogue.InvalidValue, $"{e.Operator} cannot be let move tokens."),
        _ => null,
    };
}
