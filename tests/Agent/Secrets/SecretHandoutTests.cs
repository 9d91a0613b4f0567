using System.Security.Cryptography;
using Dweb.Agent.Machine;
using Dweb.Agent.Secrets;
using Dweb.Agent.Tests.Support;
using Dweb.Agent.Trust;
using Dweb.Chain.Signing;
using Dweb.Core.Manifest;
using Dweb.Core.Manifest.Secrets;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Agent.Tests.Secrets;

/// <summary>When secrets are opened: what the chain says at a safe block is in the test's hands.</summary>
public sealed class SecretHandoutTests : IDisposable
{
    private static readonly PrivateKey Agent = PrivateKey.Parse(new string('7', 64));
    private static readonly AgentSealing Sealing = AgentSealing.Of(Agent, Given.Me);

    private readonly CancellationToken cancel = TestContext.Current.CancellationToken;
    private readonly TemporaryFolder home = new();
    private readonly Answers chain = new();
    private readonly SealedSecrets made = SealedSecrets.Seal(
        new Dictionary<string, byte[]> { ["a"] = [1, 2, 3] }, [new SecretHost(Given.Coe, Sealing.Key.PublicKey)], RandomNumberGenerator.GetBytes);

    private ContainerSpec Spec => Given.Spec() with { Secrets = made.Spec };

    public void Dispose() => home.Dispose();

    [Fact]
    public async Task They_wait_while_no_safe_block_knows_the_lease_and_nobody_is_asked_for_them()
    {
        await KeepAsync();
        chain.Safe = Given.Ticket(Spec) with { State = LeaseState.None };
        var obstacle = await Handout().FindObstacleAsync(Given.Assignment(Spec), Spec.Secrets, cancel);
        Assert.Equal(Catalogue.SecretsWait, obstacle!.Error);
        chain.Safe = Given.Ticket(Spec);
        Assert.Null(await Handout().FindObstacleAsync(Given.Assignment(Spec), Spec.Secrets, cancel));
        Assert.All(chain.Asked, static at => Assert.Equal(ChainView.Safe, at));
    }

    [Theory]
    [InlineData("another COE's")]
    [InlineData("not open")]
    [InlineData("another agent's")]
    public async Task They_wait_while_a_safe_block_says_otherwise(string what)
    {
        await KeepAsync();
        chain.Safe = what switch
        {
            "another COE's" => Given.Ticket(Spec) with { Coe = Keccak256.Hash("another") },
            "not open" => Given.Ticket(Spec) with { State = LeaseState.Ending },
            _ => Given.Ticket(Spec) with { Agent = Given.Publisher },
        };
        Assert.Equal(Catalogue.SecretsWait, (await Handout().FindObstacleAsync(Given.Assignment(Spec), Spec.Secrets, cancel))!.Error);
    }

    [Fact]
    public async Task A_lease_without_secrets_asks_nobody()
    {
        Assert.Null(await Handout().FindObstacleAsync(Given.Assignment(), null, cancel));
        Assert.Null(await Handout().GiveAsync(Given.Assignment().LeaseId, null, cancel));
        Assert.Empty(chain.Asked);
    }

    [Fact]
    public async Task Without_their_bundle_they_are_not_to_be_had()
    {
        chain.Safe = Given.Ticket(Spec);
        Assert.Equal(Catalogue.SecretsUnavailable, (await Handout().FindObstacleAsync(Given.Assignment(Spec), Spec.Secrets, cancel))!.Error);
    }

    [Fact]
    public async Task Those_of_another_agent_are_refused_with_the_field()
    {
        var other = SealedSecrets.Seal(
            new Dictionary<string, byte[]> { ["a"] = [1] }, [new SecretHost(Given.Coe, Keccak256.Hash("no key of this agent"))], RandomNumberGenerator.GetBytes);
        await KeepAsync(other);
        var refusal = await Handout().GiveAsync(Given.Assignment().LeaseId, other.Spec, cancel);
        Assert.Equal(Catalogue.SecretsUnopened, refusal!.Error);
        Assert.StartsWith("secrets.keys[0].sealed: ", refusal.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void The_statement_is_signed_by_the_agents_key_for_its_coe()
    {
        var digest = Given.Book.Digest(new SealingKey(Given.Coe, Sealing.Key.PublicKey).StructHash());
        Assert.Equal(Agent.Address, Secp256k1.Recover(digest, Sealing.Statement.Signature));
        Assert.Equal(Sealing.Key.PublicKey, Sealing.Statement.Key);
        Assert.NotEqual(Agent.Address, Secp256k1.Recover(Given.Book.Digest(new SealingKey(Keccak256.Hash("another"), Sealing.Key.PublicKey).StructHash()), Sealing.Statement.Signature));
    }

    [Fact]
    public async Task A_damaged_bundle_is_as_good_as_none_and_goes_with_its_lease()
    {
        await KeepAsync();
        var bundles = Bundles();
        var lease = Given.Assignment().LeaseId;
        Assert.Equal(made.Bundle, await bundles.FindKeptAsync(made.Spec.Bundle, cancel));
        Assert.Equal([lease], bundles.List());
        await File.WriteAllBytesAsync(Assert.Single(Directory.GetFiles(home.Path)), [.. made.Bundle[..^1], 0, 0], cancel);
        Assert.Null(await bundles.FindKeptAsync(made.Spec.Bundle, cancel));
        Assert.Null((await bundles.FindAsync(lease, made.Spec, cancel)).Bundle);
        bundles.Remove(lease);
        bundles.Remove(lease);
        Assert.Empty(Directory.GetFiles(home.Path));
    }

    private Task KeepAsync(SealedSecrets? other = null)
    {
        var kept = other ?? made;
        return File.WriteAllBytesAsync(home.File($"{Given.Assignment().LeaseId}-{kept.Spec.Bundle}.sealed"), kept.Bundle, cancel);
    }

    private SealedBundles Bundles() => new(home.Path, []);

    private SecretHandout Handout() => new(chain, Given.Me, Bundles(), new SecretFolders(home.File("memory"), static () => MountNamespace.Own), Sealing);

    private sealed class Answers : ITicketSource
    {
        public LeaseTicket Safe { get; set; } = Given.Ticket();

        public List<ChainView> Asked { get; } = [];

        public Task<TicketAnswer> ReadAsync(AssignmentDocument assignment, ChainView at, CancellationToken cancellationToken)
        {
            Asked.Add(at);
            return Task.FromResult(new TicketAnswer(Safe, null));
        }

        public Task<LeaseTicket> ReadAsync(Hash32 leaseId, ChainView at, CancellationToken cancellationToken) => Task.FromResult(Safe);

        public Task<ulong> ReadTimeAsync(CancellationToken cancellationToken) => Task.FromResult(Given.Now);
    }
}
