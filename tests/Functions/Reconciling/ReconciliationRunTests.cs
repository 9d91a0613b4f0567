using System.Globalization;
using Dweb.Core.Protocol;
using Dweb.Durable;
using Dweb.Functions.Orchestrations;
using Dweb.Functions.Reconciling;
using Dweb.Functions.Stores;
using Dweb.Functions.Tests.Stack;

namespace Dweb.Functions.Tests.Reconciling;

/// <summary>The orchestration alone, with activities that a test answers, over a real Azurite.</summary>
[Trait("Category", "Integration")]
public sealed class ReconciliationRunTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_run_of_more_pages_than_a_history_holds_compares_each_page_once()
    {
        const int Pages = 120;
        var compared = new List<string?>();
        var report = await RunAsync(page =>
        {
            int number = page.After is null ? 0 : int.Parse(page.After, CultureInfo.InvariantCulture);
            lock (compared)
            {
                compared.Add(page.After);
            }

            return new ComparedPage(
                null, ComparedCounts.None with { Orders = 1 }, [], number + 1 == Pages ? null : page with { After = (number + 1).ToString(CultureInfo.InvariantCulture) });
        });
        Assert.Equal(Pages, report.Compared.Orders);
        Assert.Equal(Pages, compared.Distinct(StringComparer.Ordinal).Count());
        Assert.Empty(report.Findings);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task What_is_gone_at_the_second_look_is_no_finding_and_what_is_gone_at_the_third_is_repaired()
    {
        Finding[] all = [Finding("transient"), Finding("mended"), Finding("lasting")];
        int looks = 0;
        var report = await RunAsync(
            _ => new ComparedPage(null, ComparedCounts.None, all, null), judged => ++looks == 1 ? [all[1], all[2]] : [.. judged.Where(f => f == all[2])]);
        Assert.Equal([("mended", true), ("lasting", false)], report.Findings.Select(static found => (found.Finding.Id, found.Repaired)));
    }

    [Fact]
    public void A_run_judges_a_bounded_number_and_counts_the_rest()
    {
        var progress = ReconciliationProgress.Begin(DateTimeOffset.UnixEpoch);
        var page = new ComparedPage(null, ComparedCounts.None, [.. Enumerable.Range(0, ReconciliationProgress.MostFindings - 1).Select(static i => Finding($"{i}"))], null);
        progress = progress.With(page).With(page);
        Assert.Equal((ReconciliationProgress.MostFindings, ReconciliationProgress.MostFindings - 2), (progress.Suspects.Count, progress.Unjudged));
    }

    [Fact]
    public void Pages_go_on_after_the_last_subject_whatever_has_come_since()
    {
        Hash32[] ids = [.. Enumerable.Range(0, 10).Select(static i => Keccak256.Hash($"{i}")).Order()];
        var first = Subjects.After(ids.Where(id => id != ids[3]).Reverse(), null, 3);
        Assert.Equal(ids[..3].Select(static id => id.ToString()), first);
        Assert.Equal(ids[3..6].Select(static id => id.ToString()), Subjects.After(ids.Concat(ids), first[^1], 3));
        Assert.Empty(Subjects.After(ids, ids[^1].ToString(), 3));
    }

    private static Finding Finding(string id) => new(ComparisonParts.Orders, id, FindingKind.OrderDiffers, id, "one", "another");

    private async Task<ReconciliationReport> RunAsync(Func<ComparisonPage, ComparedPage> compare, Func<IReadOnlyList<Finding>, IReadOnlyList<Finding>>? judge = null)
    {
        ReconciliationReport? kept = null;
        var registry = new OrchestrationRegistry()
            .AddOrchestration(Definitions.Reconciliation, Reconciliation.RunAsync)
            .AddActivity(Definitions.ComparePage, (_, page, _) => Task.FromResult(compare(page)))
            .AddActivity(Definitions.JudgeFindings, (_, found, _) => Task.FromResult(judge!(found.Findings)))
            .AddActivity(Definitions.RepairFindings, static (_, found, _) => Task.FromResult(found.Findings.Count))
            .AddActivity(Definitions.KeepReport, (_, report, _) =>
            {
                kept = report;
                return Task.FromResult(true);
            });
        await using var hub = AzuriteHub.Of(new StorageAccount(azurite.ConnectionString), registry);
        await hub.StartAsync(Cancel);
        await hub.StartAsync(Definitions.Reconciliation, "reconciliation-1", new ReconciliationInput(1), Cancel);
        var ended = await hub.WaitForCompletionAsync("reconciliation-1", Cancel);
        Assert.True(ended.Status == OrchestrationStatus.Completed, ended.Failure?.ToString());
        await hub.StopAsync(Cancel);
        return kept!;
    }
}
