using Dweb.Core.Protocol.Errors;
using Dweb.Durable;
using Dweb.Functions.Triggers;
using Microsoft.Extensions.Configuration;

namespace Dweb.Functions.Tests.Triggers;

public sealed class TriggerFunctionsTests
{
    private static readonly IConfiguration Settings =
        new ConfigurationBuilder().AddInMemoryCollection(
        [
            KeyValuePair.Create<string, string?>("Dweb:SettlementSchedule", "*/3 * * * * *"),
            KeyValuePair.Create<string, string?>("Dweb:ReconciliationSchedule", "0 */10 * * * *"),
        ]).Build();

    [Fact]
    public void Every_function_is_declared_beside_the_program_with_its_trigger()
    {
        var files = FunctionFile.ReadAll(AppContext.BaseDirectory, Settings).ToDictionary(static f => f.Name, StringComparer.Ordinal);
        Assert.Equal(
            [
                "AdmitAndOpen", "Api", "CloseDue", "CoeHealth", "CollectUsage", "CommitOrder", "CommitRollout", "ComparePage", "DeploymentLifecycle", "DisputeHearing",
                "GiveVerdict", "IndexerTimer", "JudgeBatch", "JudgeFindings", "KeepReport", "OrderQueue", "OrderQueuePoison", "OrderSweep", "ParkDue",
                "ProbeDispute", "QuarantineUsage", "ReadLeases", "Reconciliation", "ReconciliationTimer", "Registry", "RenewDue", "RepairFindings",
                "ReplaceLeases", "RollingUpgrade", "Root", "SettleUsage", "Settlement", "SettlementTimer", "TendSilentCoe", "UpgradeNext",
            ],
            files.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("dweb-orders", files["OrderQueue"].QueueName);
        Assert.Equal(QueuePump.PoisonNameOf("dweb-orders"), files["OrderQueuePoison"].QueueName);
        Assert.Equal("*/3 * * * * *", files["SettlementTimer"].Schedule);
        Assert.Equal("0 */10 * * * *", files["ReconciliationTimer"].Schedule);
    }

    [Fact]
    public void Http_routes_stay_below_prefixes_that_no_function_is_named_by()
    {
        var files = FunctionFile.ReadAll(AppContext.BaseDirectory, Settings);
        var routes = files.Where(static f => f.TriggerType == FunctionFile.HttpTrigger).Select(static f => f.Route!).ToList();
        Assert.Equal(["", "api/{*path}", "registry/{*path}"], routes.Order(StringComparer.Ordinal));
        Assert.DoesNotContain(files, static f => f.TriggerType != FunctionFile.HttpTrigger && f.Name is "api" or "registry");
    }

    [Fact]
    public void A_schedule_whose_setting_is_missing_is_refused_by_the_settings_name()
    {
        var refusal = Assert.Throws<DwebException>(() => FunctionFile.ReadAll(AppContext.BaseDirectory, new ConfigurationBuilder().Build()));
        Assert.Equal((Catalogue.InvalidSetting, "Dweb__ReconciliationSchedule"), (refusal.Error, refusal.Field));
    }

    [Fact]
    public void A_declaration_without_a_class_stops_the_program()
    {
        var files = FunctionFile.ReadAll(AppContext.BaseDirectory, Settings);
        var missing = Assert.Throws<InvalidOperationException>(() => new TriggerFunctions(files, [], [], new OrchestrationRegistry()));
        Assert.Contains("OrderQueue", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_host_file_says_how_queues_are_pumped()
    {
        var queues = HostDocument.Read(AppContext.BaseDirectory).Extensions.Queues;
        Assert.InRange(queues.BatchSize, 1, 32);
        Assert.InRange(queues.MaxDequeueCount, 1, 10);
        Assert.True(queues.MaxPollingInterval > TimeSpan.Zero && queues.VisibilityTimeout > TimeSpan.Zero);
    }
}
