using System.Text.Json;
using System.Text.Json.Serialization;
using Dweb.Cli.Commands;
using Dweb.Cli.Doctor;
using Dweb.Cli.Ledger;
using Dweb.Cli.Story;
using Dweb.Core.Protocol.Http;

namespace Dweb.Cli.Terminal;

/// <summary>What the commands print with --json; amounts are decimal strings of wei.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, Converters = [typeof(WeiConverter)])]
[JsonSerializable(typeof(WalletView))]
[JsonSerializable(typeof(IReadOnlyList<WalletView>))]
[JsonSerializable(typeof(ContextView))]
[JsonSerializable(typeof(IReadOnlyList<ContextView>))]
[JsonSerializable(typeof(IReadOnlyList<Finding>))]
[JsonSerializable(typeof(BalanceView))]
[JsonSerializable(typeof(FundingView))]
[JsonSerializable(typeof(EscrowView))]
[JsonSerializable(typeof(RepositoryResult))]
[JsonSerializable(typeof(ReleaseResult))]
[JsonSerializable(typeof(RoyaltyPullView))]
[JsonSerializable(typeof(FeesView))]
[JsonSerializable(typeof(PublishedImage))]
[JsonSerializable(typeof(ImageVerification))]
[JsonSerializable(typeof(CoeRegistration))]
[JsonSerializable(typeof(ConsentView))]
[JsonSerializable(typeof(EarningsView))]
[JsonSerializable(typeof(QuoteResult))]
[JsonSerializable(typeof(DeployResult))]
[JsonSerializable(typeof(DryRunView))]
[JsonSerializable(typeof(CloseResult))]
[JsonSerializable(typeof(InspectView))]
[JsonSerializable(typeof(StoryLine))]
[JsonSerializable(typeof(IReadOnlyList<StoryLine>))]
[JsonSerializable(typeof(IReadOnlyList<UsageShown>))]
[JsonSerializable(typeof(IReadOnlyList<StatsShown>))]
[JsonSerializable(typeof(TopupView))]
[JsonSerializable(typeof(LedgerReport))]
[JsonSerializable(typeof(IReadOnlyList<OrchestrationView>))]
[JsonSerializable(typeof(ChangeView))]
[JsonSerializable(typeof(LeaseShown))]
[JsonSerializable(typeof(FindingView))]
[JsonSerializable(typeof(DirectPlanView))]
[JsonSerializable(typeof(DirectOpeningView))]
[JsonSerializable(typeof(GovernedView))]
[JsonSerializable(typeof(CommitteeView))]
[JsonSerializable(typeof(ScheduleAudit))]
[JsonSerializable(typeof(SettingsView))]
[JsonSerializable(typeof(DaoView))]
[JsonSerializable(typeof(IReadOnlyList<DaoView>))]
[JsonSerializable(typeof(DaoShown))]
[JsonSerializable(typeof(ProposedView))]
[JsonSerializable(typeof(IReadOnlyList<ProposalView>))]
[JsonSerializable(typeof(SupplyView))]
[JsonSerializable(typeof(ReleaseShown))]
[JsonSerializable(typeof(ImageShown))]
[JsonSerializable(typeof(IReadOnlyList<ChannelView>))]
[JsonSerializable(typeof(CoeShown))]
[JsonSerializable(typeof(OsPublication))]
[JsonSerializable(typeof(OsImageView))]
[JsonSerializable(typeof(IReadOnlyList<OsImageView>))]
internal sealed partial class CliJson : JsonSerializerContext;
