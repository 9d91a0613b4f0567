using System.Text.Json;
using System.Text.Json.Serialization;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Durable;
using Dweb.Functions.Disputes;
using Dweb.Functions.Reconciling;

namespace Dweb.Functions.Orchestrations;

/// <summary>Names and messages of every orchestration, activity and event, once.</summary>
internal static class Definitions
{
    public static readonly OrchestrationDefinition<DeploymentInput, OrderStatus> DeploymentLifecycle =
        new("DeploymentLifecycle", OrchestrationJson.Default.DeploymentInput, OrchestrationJson.Default.OrderStatus);

    public static readonly OrchestrationDefinition<SettlementInput, SettlementOutcome> Settlement =
        new("Settlement", OrchestrationJson.Default.SettlementInput, OrchestrationJson.Default.SettlementOutcome);

    public static readonly OrchestrationDefinition<RolloutInput, RolloutStatus> RollingUpgrade =
        new("RollingUpgrade", OrchestrationJson.Default.RolloutInput, OrchestrationJson.Default.RolloutStatus);

    public static readonly OrchestrationDefinition<DisputeInput, DisputeFinding> DisputeHearing =
        new("DisputeHearing", OrchestrationJson.Default.DisputeInput, OrchestrationJson.Default.DisputeFinding);

    public static readonly OrchestrationDefinition<CoeSilence, CoeStanding> CoeHealth =
        new("CoeHealth", OrchestrationJson.Default.CoeSilence, OrchestrationJson.Default.CoeStanding);

    public static readonly OrchestrationDefinition<ReconciliationInput, ReconciliationReport?> Reconciliation =
        new("Reconciliation", OrchestrationJson.Default.ReconciliationInput, OrchestrationJson.Default.ReconciliationReport!);

    public static readonly ActivityDefinition<DeploymentInput, OpeningResult> AdmitAndOpen =
        new("AdmitAndOpen", OrchestrationJson.Default.DeploymentInput, OrchestrationJson.Default.OpeningResult);

    public static readonly ActivityDefinition<ReplacementInput, ReplacementResult> ReplaceLeases =
        new("ReplaceLeases", OrchestrationJson.Default.ReplacementInput, OrchestrationJson.Default.ReplacementResult);

    public static readonly ActivityDefinition<DeploymentInput, IReadOnlyList<OpenedLease>> ReadLeases =
        new("ReadLeases", OrchestrationJson.Default.DeploymentInput, OrchestrationJson.Default.IReadOnlyListOpenedLease);

    public static readonly ActivityDefinition<RolloutStep, RolloutProgress> UpgradeNext =
        new("UpgradeNext", OrchestrationJson.Default.RolloutStep, OrchestrationJson.Default.RolloutProgress);

    public static readonly ActivityDefinition<RolloutBatch, BatchHealth> JudgeBatch =
        new("JudgeBatch", OrchestrationJson.Default.RolloutBatch, OrchestrationJson.Default.BatchHealth);

    public static readonly ActivityDefinition<RolloutCommit, bool> CommitRollout =
        new("CommitRollout", OrchestrationJson.Default.RolloutCommit, OrchestrationJson.Default.Boolean);

    public static readonly ActivityDefinition<OrderCommit, bool> CommitOrder =
        new("CommitOrder", OrchestrationJson.Default.OrderCommit, OrchestrationJson.Default.Boolean);

    public static readonly ActivityDefinition<SettlementInput, SettlementPlan> CollectUsage =
        new("CollectUsage", OrchestrationJson.Default.SettlementInput, OrchestrationJson.Default.SettlementPlan);

    public static readonly ActivityDefinition<SettlementPart, PartResult> SettleUsage =
        new("SettleUsage", OrchestrationJson.Default.SettlementPart, OrchestrationJson.Default.PartResult);

    public static readonly ActivityDefinition<QuarantinedUsage, bool> QuarantineUsage =
        new("QuarantineUsage", OrchestrationJson.Default.QuarantinedUsage, OrchestrationJson.Default.Boolean);

    public static readonly ActivityDefinition<SettlementInput, int> RenewDue =
        new("RenewDue", OrchestrationJson.Default.SettlementInput, OrchestrationJson.Default.Int32);

    public static readonly ActivityDefinition<SettlementInput, int> CloseDue =
        new("CloseDue", OrchestrationJson.Default.SettlementInput, OrchestrationJson.Default.Int32);

    public static readonly ActivityDefinition<SettlementInput, int> ParkDue =
        new("ParkDue", OrchestrationJson.Default.SettlementInput, OrchestrationJson.Default.Int32);

    public static readonly ActivityDefinition<DisputeInput, DisputeFinding> ProbeDispute =
        new("ProbeDispute", OrchestrationJson.Default.DisputeInput, OrchestrationJson.Default.DisputeFinding);

    public static readonly ActivityDefinition<VerdictInput, bool> GiveVerdict =
        new("GiveVerdict", OrchestrationJson.Default.VerdictInput, OrchestrationJson.Default.Boolean);

    public static readonly ActivityDefinition<CoeSilence, CoeStanding> TendSilentCoe =
        new("TendSilentCoe", OrchestrationJson.Default.CoeSilence, OrchestrationJson.Default.CoeStanding);

    public static readonly ActivityDefinition<ComparisonPage, ComparedPage> ComparePage =
        new("ComparePage", OrchestrationJson.Default.ComparisonPage, OrchestrationJson.Default.ComparedPage);

    public static readonly ActivityDefinition<FindingsToJudge, IReadOnlyList<Finding>> JudgeFindings =
        new("JudgeFindings", OrchestrationJson.Default.FindingsToJudge, OrchestrationJson.Default.IReadOnlyListFinding);

    public static readonly ActivityDefinition<FindingsToJudge, int> RepairFindings =
        new("RepairFindings", OrchestrationJson.Default.FindingsToJudge, OrchestrationJson.Default.Int32);

    public static readonly ActivityDefinition<ReconciliationReport, bool> KeepReport =
        new("KeepReport", OrchestrationJson.Default.ReconciliationReport, OrchestrationJson.Default.Boolean);

    public static readonly EventDefinition<LeaseNotice> LeaseNotice = new("LeaseNotice", OrchestrationJson.Default.LeaseNotice);
}

/// <summary>The instance id is the same hash.</summary>
internal sealed record DeploymentInput(Hash32 OrderHash);

/// <summary>What became of opening an order's leases.</summary>
internal enum OpeningOutcome
{
    /// <summary>Every replica has a lease.</summary>
    Opened,

    /// <summary>Not now, perhaps soon: agents may still be heard.</summary>
    NotYet,

    /// <summary>Nothing was opened, and trying again cannot help.</summary>
    Rejected,

    /// <summary>Some replicas have a lease and the others will not get one.</summary>
    Incomplete,
}

internal sealed record OpeningResult(OpeningOutcome Outcome, IReadOnlyList<OpenedLease> Leases, string? Code, string? Message);

/// <summary>A lease of the order as the chain and the agents have it.</summary>
/// <param name="IsRunning">Its agent is heard and says that the container runs.</param>
/// <param name="DeadSince">Unix time of the chain since which its COE has been silent; 0 while it is heard.</param>
internal sealed record OpenedLease(
    Hash32 LeaseId, ushort Service, ushort Replica, ushort Generation, LeaseState State, EndReason Reason, bool IsRunning, ulong DeadSince)
{
    [JsonIgnore]
    public ReplicaId Of => new(Service, Replica);
}

/// <summary>A status to write to the order's row.</summary>
internal sealed record OrderCommit(Hash32 OrderHash, OrderStatus Status, string? Code, string? Message);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(DeploymentInput))]
[JsonSerializable(typeof(OpeningResult))]
[JsonSerializable(typeof(ReplacementInput))]
[JsonSerializable(typeof(ReplacementResult))]
[JsonSerializable(typeof(IReadOnlyList<OpenedLease>))]
[JsonSerializable(typeof(RolloutInput))]
[JsonSerializable(typeof(RolloutStatus))]
[JsonSerializable(typeof(RolloutStep))]
[JsonSerializable(typeof(RolloutProgress))]
[JsonSerializable(typeof(RolloutBatch))]
[JsonSerializable(typeof(BatchHealth))]
[JsonSerializable(typeof(RolloutCommit))]
[JsonSerializable(typeof(OrderCommit))]
[JsonSerializable(typeof(OrderStatus))]
[JsonSerializable(typeof(LeaseNotice))]
[JsonSerializable(typeof(SettlementInput))]
[JsonSerializable(typeof(SettlementOutcome))]
[JsonSerializable(typeof(DisputeInput))]
[JsonSerializable(typeof(DisputeFinding))]
[JsonSerializable(typeof(VerdictInput))]
[JsonSerializable(typeof(SettlementPlan))]
[JsonSerializable(typeof(SettlementPart))]
[JsonSerializable(typeof(PartResult))]
[JsonSerializable(typeof(QuarantinedUsage))]
[JsonSerializable(typeof(CoeSilence))]
[JsonSerializable(typeof(CoeStanding))]
[JsonSerializable(typeof(ReconciliationInput))]
[JsonSerializable(typeof(ReconciliationReport))]
[JsonSerializable(typeof(ComparisonPage))]
[JsonSerializable(typeof(ComparedPage))]
[JsonSerializable(typeof(FindingsToJudge))]
[JsonSerializable(typeof(IReadOnlyList<Finding>))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(int))]
internal sealed partial class OrchestrationJson : JsonSerializerContext;
