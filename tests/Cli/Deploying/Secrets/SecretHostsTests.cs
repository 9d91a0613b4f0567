using System.Security.Cryptography;
using Dweb.Chain.Signing;
using Dweb.Cli.Deploying.Secrets;
using Dweb.Core.Manifest;
using Dweb.Core.Manifest.Secrets;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Core.Protocol.Sealing;
using Dweb.Core.Resources;

namespace Dweb.Cli.Tests.Deploying.Secrets;

public sealed class SecretHostsTests
{
    private static readonly TypedDataDomain Book = new(31337, EvmAddress.Parse("0x0000000000000000000000000000000000000001"));
    private static readonly PrivateKey Agent = PrivateKey.Parse(new string('7', 64));
    private static readonly Hash32 Coe = Keccak256.Hash("coe");

    [Fact]
    public void A_key_counts_only_with_the_signature_of_the_agent_that_the_chain_names_for_that_coe()
    {
        var key = Keccak256.Hash("sealing key");
        var said = new SealingKeyDocument(key, Agent.SignDigest(Book.Digest(new SealingKey(Coe, key).StructHash())));
        Assert.True(SecretHosts.IsSigned(Coe, said, Agent.Address, Book));
        Assert.False(SecretHosts.IsSigned(Coe, said with { Key = Keccak256.Hash("the relay's key") }, Agent.Address, Book));
        Assert.False(SecretHosts.IsSigned(Keccak256.Hash("another"), said, Agent.Address, Book));
        Assert.False(SecretHosts.IsSigned(Coe, said, PrivateKey.Create().Address, Book));
        Assert.False(SecretHosts.IsSigned(Coe, said, Agent.Address, Book with { ChainId = 1 }));
        Assert.False(SecretHosts.IsSigned(Coe, said with { Signature = default }, Agent.Address, Book));
    }

    [Fact]
    public void Secrets_go_to_coes_of_the_allowed_regions_the_cheapest_first_and_never_to_more_than_a_list_has()
    {
        var hosts = new SecretHosts([.. Enumerable.Range(0, 70).Select(i => Candidate(i, (byte)(i % 2))), .. Enumerable.Range(70, 70).Select(i => Candidate(i, (byte)(i % 2)))], []);
        var able = hosts.For(Service(0b10));
        Assert.Equal(PlacementPreferences.Most, able.Count);
        Assert.All(able, static candidate => Assert.Equal(1, candidate.Region));
        Assert.Equal(able.OrderBy(static candidate => candidate.Ask.Cpu), able);
        Assert.Equal((UInt128)1, able[0].Ask.Cpu);
    }

    [Fact]
    public void Where_nobody_can_open_them_that_is_said_and_who_was_left_out()
    {
        var refused = Assert.Throws<DwebException>(() => new SecretHosts([Candidate(0, 0)], ["south"]).For(Service(0b10)));
        Assert.Equal((Catalogue.SecretsNoHost, "services.web.secrets"), (refused.Error, refused.Field));
        Assert.Contains("the keys of south are not signed by their agents", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_service_has_secrets_that_no_other_services_coe_opens()
    {
        using var north = new SealingKeyPair(RandomNumberGenerator.GetBytes(32));
        using var south = new SealingKeyPair(RandomNumberGenerator.GetBytes(32));
        var deployment = ComposeFile.Parse("services: { web: { image: web, secrets: [db] }, plain: { image: p }, jobs: { image: jobs, secrets: [{ source: db, target: x }] } }\nsecrets: { db: }", "compose.yaml");
        var contents = new Dictionary<string, byte[]> { ["db"] = [1, 2] };
        var made = SealedServices.Seal(deployment, contents, new Dictionary<string, IReadOnlyList<SecretCandidate>>
        {
            ["web"] = [Candidate(1, 0) with { Host = new SecretHost(Keccak256.Hash("north"), north.PublicKey) }],
            ["jobs"] = [Candidate(2, 0) with { Host = new SecretHost(Keccak256.Hash("south"), south.PublicKey) }],
        });
        Assert.Equal(2, made.Bundles.Count);
        Assert.Equal(["x"], made.Specs["jobs"].Files);
        using (var opened = SealedSecrets.Open(made.Specs["web"], made.Bundles[0], Keccak256.Hash("north"), north))
        {
            Assert.Equal([1, 2], opened.Files[0].Content.ToArray());
        }

        Assert.Equal("secrets.keys", Assert.Throws<SecretException>(() => SealedSecrets.Open(made.Specs["jobs"], made.Bundles[1], Keccak256.Hash("north"), north).Dispose()).Field);
    }

    private static SecretCandidate Candidate(int number, byte region) => new(
        new SecretHost(Keccak256.Hash($"coe {number}"), Keccak256.Hash($"key {number}")), $"coe-{number}", region, new PriceVector((UInt128)number, 0, 0, 0, 0));

    private static ServicePlan Service(ulong regions) =>
        ComposeFile.Parse("services: { web: { image: web, secrets: [db], deploy: { resources: { limits: { cpus: '1', memory: 64m } } } } }\nsecrets: { db: }", "compose.yaml").Services[0] with { RegionMask = regions };
}
