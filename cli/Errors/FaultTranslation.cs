using System.Diagnostics.CodeAnalysis;
using Dweb.Chain.Rpc;
using Dweb.Chain.Transactions;
using Dweb.Cli.ControlPlane;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Cli.Errors;

/// <summary>What a person can do something about, as an entry of the catalogue. Everything else is a fault of the program and shown whole.</summary>
internal static class FaultTranslation
{
    public static bool TryRead(Exception fault, [NotNullWhen(true)] out Problem? problem)
    {
        problem = fault switch
        {
            DwebException refusal => Problem.From(refusal),
            ProblemException refusal => refusal.Problem,
            CallRevertedException reverted => From(ContractErrorSentences.Translate(reverted.Error)),
            TransactionRevertedException reverted => From(ContractErrorSentences.Translate(reverted.Error)),
            TransactionNotConfirmedException lost => From(Catalogue.TransactionUnconfirmed, lost.Message),
            RpcUnavailableException silent => From(Catalogue.ChainUnreachable, silent.Message),
            RpcException node when node.NodeMessage.Contains("insufficient funds", StringComparison.OrdinalIgnoreCase) => From(Catalogue.GasTooLow, node.NodeMessage),
            RpcException node => From(Catalogue.NodeRefused, node.Message),
            IOException or UnauthorizedAccessException => From(Catalogue.InvalidValue, fault.Message),
            _ => null,
        };
        return problem is not null;
    }

    private static Problem From((ErrorCode Error, string Sentence) refusal) => From(refusal.Error, refusal.Sentence);

    private static Problem From(ErrorCode error, string sentence) => Problem.From(new DwebException(error, sentence));
}
