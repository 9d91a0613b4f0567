using Dweb.Core.Protocol.Errors;
using Dweb.Functions.Indexing;

namespace Dweb.Functions.Scheduling.Member;

/// <summary>What every message of the committee must hold up to on chain, held against the member's own node.</summary>
internal sealed class MessageTerms(MarketHistory history, ProtocolParameters parameters)
{
    /// <param name="from">Unix time of the chain that the message was made at; its deadline is at most the delay of asks ahead of it.</param>
    /// <param name="message">Path of the message, as fields are told.</param>
    /// <exception cref="DwebException">It is of another epoch, over, or too far ahead.</exception>
    public void Check(ulong epoch, ulong deadline, ulong from, string message)
    {
        var newest = history.Newest;
        if (epoch != newest.Governed.CommitteeEpoch)
        {
            throw Refusal($"It is of committee epoch {epoch}; the chain is in {newest.Governed.CommitteeEpoch}.", message + ".committeeEpoch");
        }

        if (deadline < newest.Timestamp)
        {
            throw Refusal($"Its deadline {deadline} has passed; the chain's time is {newest.Timestamp}.", message + ".deadline");
        }

        if (deadline > from + parameters.AskDelay)
        {
            throw Refusal($"Its deadline {deadline} is more than {parameters.AskDelay} s after {from}: an ask could rise before.", message + ".deadline");
        }
    }

    public static DwebException Refusal(string why, string field) => new(Catalogue.MemberRefused, why, field);
}
