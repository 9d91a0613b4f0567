using System.Text.Json;
using Dweb.Chain.Signing;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;

namespace Dweb.Cli.Tests.Running;

/// <summary>Logins as the control plane answers them, with the signature checked; everything else is the test's.</summary>
internal sealed class FakeControlPlane : IDisposable
{
    private readonly FakeServer server;
    private int logins;

    public FakeControlPlane(Func<FakeRequest, FakeAnswer> answer) => server = new FakeServer(request => Login(request) ?? answer(request));

    public string Address => server.Address;

    public IReadOnlyList<FakeRequest> Requests => server.Requests;

    /// <summary>Instead of the server's own host and port.</summary>
    public string? LoginDomain { get; init; }

    public TimeSpan LoginLife { get; set; } = TimeSpan.FromHours(1);

    public int Logins => logins;

    /// <summary>The token of the newest login.</summary>
    public string Token => "token-" + logins;

    public void Dispose() => server.Dispose();

    private FakeAnswer? Login(FakeRequest request)
    {
        switch (request.Path)
        {
            case "/api/login/challenge":
                var asked = JsonSerializer.Deserialize(request.Body, DwebJson.Default.ChallengeRequest)!;
                return new FakeAnswer(200, JsonSerializer.Serialize(new ChallengeResponse(Message(asked.Address)), DwebJson.Default.ChallengeResponse));
            case "/api/login":
                var login = JsonSerializer.Deserialize(request.Body, DwebJson.Default.LoginRequest)!;
                string claimed = login.Message.Split('\n')[1];
                if (Secp256k1.Recover(Eip191.HashMessage(login.Message), login.Signature)?.ToString() != claimed)
                {
                    return new FakeAnswer(401);
                }

                Interlocked.Increment(ref logins);
                var answer = new LoginResponse(Token, (TimeProvider.System.GetUtcNow() + LoginLife).ToUnixTimeMilliseconds());
                return new FakeAnswer(200, JsonSerializer.Serialize(answer, DwebJson.Default.LoginResponse));
            default:
                return null;
        }
    }

    private string Message(EvmAddress address) =>
        $"""
        {LoginDomain ?? new Uri(Address).Authority} wants you to sign in with your Ethereum account:
        {address}


        URI: {Address}
        Version: 1
        Chain ID: 31337
        Nonce: 32891756abcd
        Issued At: 2026-11-23T16:25:24Z
        """.ReplaceLineEndings("\n");
}
