using Dweb.Core.Manifest;
using Dweb.Core.Metering;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Resources;

namespace Dweb.Core.Tests.Manifest;

public sealed class OrderBuilderTests
{
    private const string File = """
        x-dweb: { duration: 20m }
        services:
          web: { image: team/web, command: httpd, deploy: { replicas: 3 }, x-dweb: { max-price: { cpu: 5wei } } }
          cache: { image: "cache@sha256:2222222222222222222222222222222222222222222222222222222222222222" }
        """;

    private static readonly Hash32 Web = Keccak256.Hash("web");
    private static readonly Hash32 Cache = Hash32.Parse("0x" + new string('2', 64));
    private static readonly PriceVector Default = new(11, 22, 33, 44, 55);

    private static OrderInput Input => new()
    {
        User = EvmAddress.Parse("0x0000000000000000000000000000000000000001"),
        Images = new Dictionary<string, Hash32> { ["web"] = Web },
        DefaultCeiling = Default,
        Now = 1_800_000_000,
        Salt = Keccak256.Hash("salt"),
        Grace = 900,
    };

    [Fact]
    public void An_order_names_each_service_by_digest_and_spec()
    {
        var built = OrderBuilder.Build(ComposeFile.Parse(File, "compose.yaml"), Input);
        Assert.Equal([Web, Cache], built.Order.Services.Select(static s => s.ImageDigest));
        Assert.Equal(built.Specs.Select(static spec => spec.Hash()), built.Order.Services.Select(static s => s.SpecHash));
        Assert.Equal(["httpd"], built.Specs[0].Command);
        Assert.Equal("cache", built.Specs[1].Repository);
        Assert.Equal((1200U, 1200U, 900U, 1_800_000_600UL), (built.Order.Duration, built.Order.Prepay, built.Order.StartWithin, built.Order.SubmitBy));
    }

    [Fact]
    public void The_users_own_price_limit_comes_before_the_default()
    {
        var services = OrderBuilder.Build(ComposeFile.Parse(File, "compose.yaml"), Input).Order.Services;
        Assert.Equal(Default with { Cpu = 5 }, services[0].Ceiling);
        Assert.Equal(Default, services[1].Ceiling);
    }

    [Fact]
    public void The_smallest_given_total_is_signed_and_without_one_the_dearest_case()
    {
        var plain = ComposeFile.Parse(File, "compose.yaml");
        var dearest = OrderBuilder.Build(plain, Input).Order;
        Assert.Equal(OrderCost.Max(dearest.Services, 1200, 2000, 500, Input.Grace), dearest.MaxTotal);
        Assert.Equal((UInt128)7, OrderBuilder.Build(plain with { MaxTotal = 9 }, Input with { MaxTotal = 7 }).Order.MaxTotal);
        Assert.Equal((UInt128)6, OrderBuilder.Build(plain with { MaxTotal = 6 }, Input with { MaxTotal = 7 }).Order.MaxTotal);
    }

    [Fact]
    public void A_start_is_not_waited_for_longer_than_is_paid()
    {
        var deployment = ComposeFile.Parse(File, "compose.yaml") with { Prepay = 60 };
        Assert.Equal(60U, OrderBuilder.Build(deployment, Input).Order.StartWithin);
    }

    [Fact]
    public void The_same_input_gives_the_same_order_and_another_salt_another()
    {
        var book = new TypedDataDomain(31337, EvmAddress.Zero);
        var deployment = ComposeFile.Parse(File, "compose.yaml");
        var id = OrderBuilder.Build(deployment, Input).Order.Id(book);
        Assert.Equal(id, OrderBuilder.Build(ComposeFile.Parse(File, "compose.yaml"), Input).Order.Id(book));
        Assert.NotEqual(id, OrderBuilder.Build(deployment, Input with { Salt = Hash32.Zero }).Order.Id(book));
    }

    [Fact]
    public void An_image_that_nobody_minted_or_another_digest_than_the_files_is_refused()
    {
        var deployment = ComposeFile.Parse(File, "compose.yaml");
        var unknown = Assert.Throws<DwebException>(() => OrderBuilder.Build(deployment, Input with { Images = new Dictionary<string, Hash32>() }));
        Assert.Equal(Catalogue.ImageNotMinted, unknown.Error);
        var other = Assert.Throws<DwebException>(
            () => OrderBuilder.Build(deployment, Input with { Images = new Dictionary<string, Hash32> { ["web"] = Web, ["cache"] = Web } }));
        Assert.Equal(Catalogue.DigestMismatch, other.Error);
    }

    [Fact]
    public void A_dearest_case_beyond_128_bits_needs_a_limit_of_the_users()
    {
        var deployment = ComposeFile.Parse(File, "compose.yaml");
        var refusal = Assert.Throws<DwebException>(() => OrderBuilder.Build(deployment, Input with { DefaultCeiling = Ceilings.Unlimited }));
        Assert.Equal("max-total", refusal.Field);
        Assert.Equal((UInt128)1, OrderBuilder.Build(deployment, Input with { DefaultCeiling = Ceilings.Unlimited, MaxTotal = 1 }).Order.MaxTotal);
    }

    [Fact]
    public void A_default_ceiling_is_the_dearest_of_asks_and_reference_with_its_margin_rounded_up()
    {
        var ceiling = Ceilings.From([new(10, 1, 1, 1, 1), new(1, 20, 1, 1, 0)], new PriceVector(1, 1, 30, 1, 1), marginBps: 1000);
        Assert.Equal(new PriceVector(11, 22, 33, 2, 2), ceiling);
        Assert.Equal(UInt128.MaxValue, Ceilings.From([Ceilings.Unlimited], default, 1).Cpu);
    }
}
