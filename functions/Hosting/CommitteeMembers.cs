using Dweb.Functions.Indexing;
using Dweb.Functions.Scheduling;
using Dweb.Functions.Scheduling.Member;
using Dweb.Functions.Settings;

namespace Dweb.Functions.Hosting;

/// <summary>The committee as this control plane reaches it: the key in its process, if it has one, and the members of its settings.</summary>
internal static class CommitteeMembers
{
    private static readonly TimeSpan ToConnect = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ToAnswer = TimeSpan.FromSeconds(2);

    public static Committee Create(IServiceProvider provider, ControlPlaneSettings settings, ChainParts chain)
    {
        var hearing = provider.GetRequiredService<HearingCheck>();
        var book = chain.Access.Contracts.Book;
        var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, ConnectTimeout = ToConnect, ActivityHeadersPropagator = null })
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = RemoteMember.LargestAnswer,
        };
        var patience = MemberNode.Patience + hearing.LongestWait + ToConnect + ToAnswer;
        List<ICommitteeMember> members = [.. settings.Members.Select(address => new RemoteMember(http, address, patience))];
        if (chain.Scheduler is { } key)
        {
            members.Insert(0, new OwnMember(key, book, hearing));
        }

        return new Committee(
            members, chain.Scheduler?.Address, book, provider.GetRequiredService<MarketHistory>(), provider.GetRequiredService<ILogger<Committee>>());
    }
}
