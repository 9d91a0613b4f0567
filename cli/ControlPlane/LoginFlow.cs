using Dweb.Chain.Signing;
using Dweb.Chain.Siwe;
using Dweb.Cli.Home;
using Dweb.Cli.Terminal;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;

namespace Dweb.Cli.ControlPlane;

/// <summary>Proves to the control plane whose wallet this is (EIP-4361), once until the token expires.</summary>
internal sealed class LoginFlow(ControlPlaneClient api, LoginStore store, Printer printer, TimeProvider time)
{
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    /// <param name="wallet">Opened only when a signature is needed, so that a kept login asks for no password.</param>
    /// <exception cref="DwebException">The control plane asks to sign something else than a login to itself.</exception>
    public async Task<string> TokenAsync(OpenableWallet wallet, CancellationToken cancellationToken)
    {
        var kept = store.Read(wallet.Account.Address, api.Endpoint);
        if (kept is not null && kept.ExpiresAtMs > (time.GetUtcNow() + Margin).ToUnixTimeMilliseconds())
        {
            return kept.Token;
        }

        var challenge = await api.PostAsync(
            "/api/login/challenge", new ChallengeRequest(wallet.Account.Address),
            DwebJson.Default.ChallengeRequest, DwebJson.Default.ChallengeResponse, cancellationToken);
        RequireOwnLogin(challenge.Message, wallet);
        printer.Progress($"{wallet.Account.Name} ({wallet.Account.Address}) logs in to {api.Endpoint.Authority}");
        var request = new LoginRequest(challenge.Message, wallet.Open().SignDigest(Eip191.HashMessage(challenge.Message)));
        var answer = await api.PostAsync("/api/login", request, DwebJson.Default.LoginRequest, DwebJson.Default.LoginResponse, cancellationToken);
        store.Write(wallet.Account.Address, api.Endpoint, new StoredLogin(answer.Token, answer.ExpiresAtMs));
        return answer.Token;
    }

    /// <summary>Runs a request with the login; a login that the control plane forgot is made again, once.</summary>
    public async Task<T> WithTokenAsync<T>(OpenableWallet wallet, Func<string, Task<T>> request, CancellationToken cancellationToken)
    {
        string token = await TokenAsync(wallet, cancellationToken);
        try
        {
            return await request(token);
        }
        catch (ProblemException refused) when (refused.Problem.Code == Catalogue.Unauthorised.Code)
        {
            store.Forget(wallet.Account.Address, api.Endpoint);
            return await request(await TokenAsync(wallet, cancellationToken));
        }
    }

    /// <summary>
    /// Anything but a login of this wallet to this control plane is not signed: another site's text would let this control plane log in
    /// there.
    /// </summary>
    private void RequireOwnLogin(string message, OpenableWallet wallet)
    {
        try
        {
            var asked = SiweMessage.Parse(message);
            if (asked.Domain == api.Endpoint.Authority && asked.Address == wallet.Account.Address)
            {
                return;
            }
        }
        catch (SiweException malformed)
        {
            throw NotALogin(wallet, malformed);
        }

        throw NotALogin(wallet, null);
    }

    private DwebException NotALogin(OpenableWallet wallet, Exception? inner) => new(
        Catalogue.Unauthorised, $"The control plane asked to sign what is no login of {wallet.Account.Address} to {api.Endpoint.Authority}; nothing was signed.", inner: inner);
}
