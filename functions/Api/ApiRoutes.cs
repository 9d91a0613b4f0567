using Dweb.Functions.Hosting;
using Dweb.Functions.Settings;
using Dweb.Functions.Triggers;

namespace Dweb.Functions.Api;

/// <summary>Every route of the program. HTTP lives under <c>/api</c>, <c>/registry</c> and the root; nothing else is answered.</summary>
internal static class ApiRoutes
{
    public static void Map(WebApplication app)
    {
        app.UseMiddleware<ProblemMiddleware>();
        app.UseMiddleware<WholeAnswerMiddleware>();
        var readiness = app.Services.GetRequiredService<Readiness>();
        var api = app.MapGroup("/api").AddEndpointFilter(async (call, next) =>
        {
            await readiness.WhenReadyAsync(call.HttpContext.RequestAborted);
            return await next(call);
        });
        OrdersApi.Map(api);
        LeasesApi.Map(api);
        MarketApi.Map(api);
        AgentsApi.Map(api);
        OrchestrationsApi.Map(api);
        ReconciliationApi.Map(api);
        LoginApi.Map(api);
        HealthApi.Map(api);
        RegistryTokenApi.Map(app);
        app.MapOpenApi("/api/openapi.json");
        app.MapGet("/", static () => Answer.Text("Dweb control plane. The API is described at /api/openapi.json.")).ExcludeFromDescription();
        if (app.Services.GetRequiredService<ControlPlaneSettings>().CustomHandlerPort is not null)
        {
            HostDispatch.Map(app, app.Services.GetRequiredService<TriggerFunctions>());
        }
    }
}
