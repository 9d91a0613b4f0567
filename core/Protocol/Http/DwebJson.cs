using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dweb.Core.Protocol.Http;

/// <summary>How every HTTP message is written: camel case, enums by name, amounts as decimal strings, unknown and repeated members refused.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    UseStringEnumConverter = true,
    Converters = [typeof(WeiConverter)],
    NumberHandling = JsonNumberHandling.Strict,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(SubmitOrderRequest))]
[JsonSerializable(typeof(OrderDocument))]
[JsonSerializable(typeof(OrderView))]
[JsonSerializable(typeof(IReadOnlyList<OrderView>))]
[JsonSerializable(typeof(LeaseView))]
[JsonSerializable(typeof(IReadOnlyList<LeaseView>))]
[JsonSerializable(typeof(LeaseUsageView))]
[JsonSerializable(typeof(PlacementView))]
[JsonSerializable(typeof(LogPage))]
[JsonSerializable(typeof(AssignmentsDocument))]
[JsonSerializable(typeof(LogAnswer))]
[JsonSerializable(typeof(HeartbeatRequest))]
[JsonSerializable(typeof(HeartbeatResponse))]
[JsonSerializable(typeof(ReportRequest))]
[JsonSerializable(typeof(SpecOffer))]
[JsonSerializable(typeof(UsageSubmission))]
[JsonSerializable(typeof(CoeView))]
[JsonSerializable(typeof(IReadOnlyList<CoeView>))]
[JsonSerializable(typeof(ImageView))]
[JsonSerializable(typeof(IReadOnlyList<ImageView>))]
[JsonSerializable(typeof(RepositoryView))]
[JsonSerializable(typeof(IReadOnlyList<RepositoryView>))]
[JsonSerializable(typeof(QuoteRequest))]
[JsonSerializable(typeof(QuoteView))]
[JsonSerializable(typeof(HealthView))]
[JsonSerializable(typeof(ChallengeRequest))]
[JsonSerializable(typeof(ChallengeResponse))]
[JsonSerializable(typeof(LoginRequest))]
[JsonSerializable(typeof(LoginResponse))]
[JsonSerializable(typeof(IReadOnlyList<SettlementView>))]
[JsonSerializable(typeof(IReadOnlyList<QuarantineView>))]
[JsonSerializable(typeof(ReconciliationView))]
[JsonSerializable(typeof(OrchestrationView))]
[JsonSerializable(typeof(OrchestrationPageView))]
[JsonSerializable(typeof(OrchestrationTimelineView))]
[JsonSerializable(typeof(OrchestrationReason))]
[JsonSerializable(typeof(OrchestrationEvent))]
[JsonSerializable(typeof(OrchestrationChange))]
[JsonSerializable(typeof(PurgeView))]
[JsonSerializable(typeof(CommitteeRequest))]
[JsonSerializable(typeof(CommitteeSignature))]
[JsonSerializable(typeof(Errors.Problem))]
public sealed partial class DwebJson : JsonSerializerContext;
