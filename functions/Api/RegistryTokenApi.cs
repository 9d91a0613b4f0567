using System.Globalization;
using Dweb.Core.Protocol.Errors;
using Dweb.Functions.Identity;
using Dweb.Functions.Registry;
using Dweb.Functions.Settings;

namespace Dweb.Functions.Api;

/// <summary>The realm that the image registry sends its clients to.</summary>
internal static class RegistryTokenApi
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/registry/token", (HttpContext context, Callers callers, RegistryTokens tokens, ControlPlaneSettings settings, TimeProvider time) =>
        {
            string service = context.Request.Query["service"].ToString();
            if (service != settings.Registry.Service)
            {
                throw new DwebException(Catalogue.InvalidValue, $"Tokens are for the service '{settings.Registry.Service}', not '{service}'.", "service");
            }

            var wallet = callers.Find(context.Request);
            var granted = RegistryTokens.Grant(wallet, RegistryScope.ParseAll(context.Request.Query["scope"]));
            string token = tokens.Create(wallet, granted);
            var answer = new TokenAnswer(
                token, token, (int)RegistryTokens.Lifetime.TotalSeconds, time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
            return Answer.Json(answer, RegistryJson.Default.TokenAnswer);
        })
        .WithSummary("A token of the registry: pull for anybody, push for a wallet that is logged in.");
}
