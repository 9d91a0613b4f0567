using System.Numerics;
using System.Text;
using Dweb.Chain.Contracts;
using Dweb.Chain.Signing;
using Dweb.Core.Manifest;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Core.Resources;
using Edge = Dweb.Core.Protocol.Messages.Edge;
using Image = Dweb.Core.Protocol.Messages.Image;
using Order = Dweb.Core.Protocol.Messages.Order;
using Service = Dweb.Core.Protocol.Messages.Service;

namespace Dweb.Functions.Tests.Stack;

/// <summary>What the tests trade with: an image with its NFT, three COEs with agents, users with deposits.</summary>
public sealed class Market
{
    public const string Repository = "tests/hello";
    private static readonly BigInteger Token = BigInteger.Pow(10, 18);
    private readonly TestStack stack;

    private Market(TestStack stack) => this.stack = stack;

    public Hash32 ImageDigest { get; private set; }

    public PrivateKey Publisher { get; private set; } = null!;

    public IReadOnlyList<TestAgent> Agents { get; private set; } = [];

    public static async Task<Market> CreateAsync(TestStack stack, CancellationToken cancellationToken)
    {
        var market = new Market(stack) { Publisher = await stack.Chain.CreateKeyAsync(cancellationToken) };
        market.ImageDigest = await market.PublishAsync(Repository, mint: true, cancellationToken);
        var agents = new List<TestAgent>();
        for (int i = 0; i < 3; i++)
        {
            agents.Add(await market.RegisterAsync($"coe-{i}", cancellationToken));
        }

        market.Agents = agents;
        return market;
    }

    /// <summary>A wallet with this many DWEB deposited in the lease book.</summary>
    public async Task<PrivateKey> CreateUserAsync(int tokens, CancellationToken cancellationToken)
    {
        var user = await stack.Chain.CreateKeyAsync(cancellationToken);
        if (tokens > 0)
        {
            await stack.Chain.FundAsync(user, stack.Chain.Addresses.LeaseBook, tokens * Token, cancellationToken);
            await stack.Chain.SendAsync(user, stack.Chain.LeaseBook.Deposit(tokens * Token), cancellationToken);
        }

        return user;
    }

    /// <summary>Pushes an image with the annotations of the publisher, and mints its NFT.</summary>
    public async Task<Hash32> PublishAsync(string repository, bool mint, CancellationToken cancellationToken, ushort annotatedRoyalty = 500)
    {
        const ushort Royalty = 500;
        string login = await stack.Plane.LoginAsync(Publisher, cancellationToken);
        string token = await RegistryTokenAsync($"repository:{repository}:pull,push", login, cancellationToken);
        var annotations = new Dictionary<string, string>
        {
            [Image.PublisherAnnotation] = Publisher.Address.ToString(),
            [Image.ComponentsAnnotation] = Image.ComponentsHashOf(annotatedRoyalty, 1, Array.Empty<Edge>()).ToString(),
        };
        var digest = await stack.Registry.PushAsync(repository, token, annotations, cancellationToken);
        if (mint)
        {
            var image = new Image(Publisher.Address, digest, repository, Royalty, 1, []);
            var images = new ContainerRegistry(stack.Chain.Client, stack.Chain.Addresses.ContainerRegistry);
            var signature = Publisher.SignDigest(stack.Chain.DomainOf(images.Address).Digest(image.StructHash()));
            await stack.Chain.SendAsync(
                Publisher, images.Mint(new(image.Publisher, digest, repository, Royalty, 1, []), signature.ToArray()), cancellationToken);
        }

        return digest;
    }

    public async Task<string> RegistryTokenAsync(string scope, string? login, CancellationToken cancellationToken)
    {
        string path = $"/registry/token?service=dweb-registry&scope={Uri.EscapeDataString(scope)}";
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = login is null ? null : new("Bearer", login);
        using var response = await stack.Plane.SendAsync(request, cancellationToken);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
        return System.Text.Json.JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken)).RootElement.GetProperty("token").GetString()!;
    }

    public static ContainerSpec SpecOf(Hash32 digest, string service = "web", string repository = Repository) => new(
        service, repository, digest, null, null, new SortedDictionary<string, string>(StringComparer.Ordinal), [new PortSpec(8080)], null, RestartPolicy.Always, 10);

    /// <summary>An order of this user for replicas of the test image, as a request ready to be sent.</summary>
    public async Task<SubmitOrderRequest> SignOrderAsync(
        PrivateKey user, CancellationToken cancellationToken, ushort replicas = 1, Func<Order, Order>? change = null, ContainerSpec? spec = null, PrivateKey? signer = null)
    {
        spec ??= SpecOf(ImageDigest);
        ulong now = (await stack.Chain.Client.GetHeadAsync(cancellationToken)).Timestamp;
        var service = new Service(
            spec.ImageDigest, spec.Hash(), replicas, new ResourceVector(100, 64, 100, 1, 1),
            new PriceVector(UInt128.Parse("4000000000"), UInt128.Parse("2000000000"), UInt128.Parse("40000000"), UInt128.Parse("4000000000"), UInt128.Parse("400000000000")),
            0, 0, Hash32.Zero);

        // Test agents send usage only where a test is about it: however slow the machine is, none of them shall count as a no-show meanwhile.
        var order = new Order(
            user.Address, [service], UInt128.Parse("1000000000000000000000"), 3600, 600, now + 300, 600, 2000, 500, 0, EvmAddress.Zero, 0,
            new Hash32(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32)));
        order = change?.Invoke(order) ?? order;
        var signature = (signer ?? user).SignDigest(order.Id(stack.Chain.Book));
        return new SubmitOrderRequest(
            stack.Chain.Addresses.ChainId, stack.Chain.Addresses.LeaseBook, OrderDocument.From(order),
            [Encoding.UTF8.GetString(spec.ToCanonicalJson())], signature, null);
    }

    /// <summary>A COE with a stake, and its agent, which has not been heard yet.</summary>
    public async Task<TestAgent> RegisterAsync(string name, CancellationToken cancellationToken)
    {
        var stake = 1_000 * Token;
        var host = await stack.Chain.CreateKeyAsync(cancellationToken);
        var agent = PrivateKey.Create();
        var registry = new CoeRegistry(stack.Chain.Client, stack.Chain.Addresses.CoeRegistry);
        var domain = stack.Chain.DomainOf(registry.Address);
        var id = Ids.Coe(domain, host.Address, name);
        var consent = agent.SignDigest(domain.Digest(new AgentConsent(id).StructHash()));
        await stack.Chain.FundAsync(host, registry.Address, stake, cancellationToken);
        IReadOnlyList<BigInteger> ask = [1_000_000_000, 500_000_000, 10_000_000, 1_000_000_000, 100_000_000_000];
        await stack.Chain.SendAsync(
            host,
            registry.Register(
                name, agent.Address, consent.ToArray(), 0, [4000, 4096, 10240, 1000, 1000], ask, "http://127.0.0.1", stake, stack.Chain.Addresses.LeaseBook),
            cancellationToken);
        return new TestAgent(stack, id, agent);
    }
}
