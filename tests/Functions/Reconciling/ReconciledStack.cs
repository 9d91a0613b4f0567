using System.Text.Json.Serialization.Metadata;
using Azure.Data.Tables;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Functions.Indexing;
using Dweb.Functions.Stores;
using Dweb.Functions.Tests.Stack;

namespace Dweb.Functions.Tests.Reconciling;

/// <summary>A stack of its own, whose rows a test may change behind the control plane's back, and whose reconciliations it begins.</summary>
public sealed class ReconciledStack : IAsyncLifetime
{
    public TestStack Stack { get; } = new();

    public async ValueTask InitializeAsync() => await Stack.ReadyAsync();

    public ValueTask DisposeAsync() => Stack.DisposeAsync();

    /// <returns>Id of the run.</returns>
    public async Task<string> BeginAsync(CancellationToken cancellationToken)
    {
        using var request = ControlPlane.Post("/api/reconciliations", []);
        request.Headers.Authorization = new("Bearer", await Stack.Plane.LoginAsync(Stack.SchedulerKey, cancellationToken));
        using var response = await Stack.Plane.SendAsync(request, cancellationToken);
        byte[] body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        Assert.True(response.IsSuccessStatusCode, System.Text.Encoding.UTF8.GetString(body));
        return System.Text.Json.JsonSerializer.Deserialize(body, DwebJson.Default.OrchestrationChange)!.InstanceId;
    }

    public async Task<ReconciliationView> ReportAsync(string run, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/reconciliations");
            using var response = await Stack.Plane.SendAsync(request, cancellationToken);
            if (response.IsSuccessStatusCode)
            {
                var view = System.Text.Json.JsonSerializer.Deserialize(await response.Content.ReadAsByteArrayAsync(cancellationToken), DwebJson.Default.ReconciliationView)!;
                if (view.Id == run)
                {
                    return view;
                }
            }

            await Task.Delay(100, cancellationToken);
        }
    }

    public async Task<ReconciliationView> RunAsync(CancellationToken cancellationToken) => await ReportAsync(await BeginAsync(cancellationToken), cancellationToken);

    /// <summary>Changes rows while no control plane runs, and starts it on what they say then.</summary>
    public async Task RestartOverAsync(Func<Task> change, CancellationToken cancellationToken)
    {
        await Stack.Plane.KillAsync();
        await change();
        await Stack.Plane.StartAsync(cancellationToken);
    }

    internal async Task<T> ReadAsync<T>(string kind, Hash32 id, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        RowDocument.Read((await Index.GetEntityAsync<TableEntity>(kind, id.ToString(), cancellationToken: cancellationToken)).Value, type);

    internal async Task ChangeAsync<T>(string kind, Hash32 id, JsonTypeInfo<T> type, Func<T, T> change, CancellationToken cancellationToken)
    {
        var row = new TableEntity(kind, id.ToString());
        RowDocument.Write(row, change(await ReadAsync(kind, id, type, cancellationToken)), type);
        await Index.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
    }

    internal Task DeleteAsync(string kind, Hash32 id, CancellationToken cancellationToken) => Index.DeleteEntityAsync(kind, id.ToString(), Azure.ETag.All, cancellationToken);

    internal OrderStore Orders => new(new StorageAccount(Stack.Storage.ConnectionString));

    internal TableClient OrderRows => new StorageAccount(Stack.Storage.ConnectionString).Table("Orders");

    private TableClient Index => new StorageAccount(Stack.Storage.ConnectionString).Table(IndexStore.TableName);
}
