using Dweb.Core.Protocol.Http;
using Dweb.Functions.Identity;

namespace Dweb.Functions.Api;

/// <summary>Login by wallet: ask for a text, sign it, get a token.</summary>
internal static class LoginApi
{
    private const int LargestLogin = 32 * 1024;

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/login/challenge", async (HttpContext context, WalletLogin login, CancellationToken cancellationToken) =>
            {
                var request = await RequestBody.ReadAsync(context.Request, DwebJson.Default.ChallengeRequest, LargestLogin, cancellationToken);
                return Answer.Json(login.Challenge(request.Address), DwebJson.Default.ChallengeResponse);
            })
            .Accepts<ChallengeRequest>("application/json")
            .Produces<ChallengeResponse>()
            .WithSummary("A message of EIP-4361 to sign with EIP-191.");

        api.MapPost("/login", async (HttpContext context, WalletLogin login, CancellationToken cancellationToken) =>
            {
                var request = await RequestBody.ReadAsync(context.Request, DwebJson.Default.LoginRequest, LargestLogin, cancellationToken);
                return Answer.Json(login.Login(request), DwebJson.Default.LoginResponse);
            })
            .Accepts<LoginRequest>("application/json")
            .Produces<LoginResponse>()
            .WithSummary("A signed message for a bearer token.");
    }
}
